package tui

import (
	"context"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"rosey/assets"
)

func TestEveryBuiltInThemeCanBeRead(t *testing.T) {
	all, problems := readThemes(assets.Themes, "themes")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := []string{"default", "c3po", "contrast", "data", "hal9000", "johnny5", "marvin", "mono", "r2d2", "robby", "robocop", "t800", "walle"}
	if got := all.names(); !slices.Equal(got, want) {
		t.Errorf("themes %v", got)
	}
	for name, p := range all {
		if p.about == "" || !p.plain && (p.accent == nil || p.muted == nil || p.bad == nil || len(p.names) < 4) {
			t.Errorf("%s lacks something: %+v", name, p)
		}
	}
}

func TestOnesOwnThemesAndTheirMistakes(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"mine.yaml":    "about: mine\naccent: \"#00ff00\"\n",
		"old.json":     `{"accent": "#112233", "names": ["#445566", 3]}`,
		"badrole.yaml": "accent: \"#00ff00\"\nacent: 3\n",
		"badhex.yaml":  "\n\naccent: green\n",
		"badyaml.yaml": "accent: [\n",
		"notes.txt":    "not a theme",
		"huge.yaml":    strings.Repeat("#\n", maxTheme),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, broken := userThemes(dir)
	if _, ok := all["mine"]; !ok || len(all["old"].names) != 2 || len(all) != len(builtinThemes())+2 {
		t.Errorf("themes %v", all.names())
	}
	said := ""
	for _, b := range broken {
		said += b.String() + "\n"
	}
	for _, want := range []string{"badrole.yaml:2:1: there is no role \"acent\"", "badhex.yaml:3:9: accent: \"green\" is no colour", "badyaml.yaml:", "huge.yaml: the file is too large"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q does not say %q", said, want)
		}
	}
	if len(broken) != 4 {
		t.Errorf("broken:\n%s", said)
	}
	if all, broken := userThemes(filepath.Join(dir, "none")); len(broken) > 0 || len(all) != len(builtinThemes()) {
		t.Errorf("without a folder: %v", broken)
	}
}

func TestAThemeOfTheConfigIsJudged(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"mine.yaml": "accent: 3", "broken.yaml": "acent: 3"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for theme, want := range map[string]string{
		"default": "", "mine": "", "''": "",
		"mon0":     "c.yaml:4:14: tui.theme: expected a theme, found \"mon0\"; did you mean mono? There are default, ",
		"nonsense": "found \"nonsense\"; choose one of default, c3po, contrast, data, hal9000, johnny5, marvin, mine, ",
		"broken":   "c.yaml:4:14: tui.theme: the theme \"broken\" has a mistake: " + filepath.Join(dir, "broken.yaml") + ":1:1: there is no role",
	} {
		got := CheckTheme(themedConfig(t, theme), dir)
		switch {
		case want == "" && len(got) > 0, want != "" && (len(got) != 1 || !strings.Contains(got[0].String(), want)):
			t.Errorf("%s: %v", theme, got)
		}
	}
}

func TestTheThemeOfTheCommandLineIsForThisTimeOnly(t *testing.T) {
	if err := FindTheme("robbi", ""); err == nil || !strings.Contains(err.Error(), "did you mean robby?") {
		t.Error(err)
	}
	o := testOptions()
	o.MemoryFile = filepath.Join(t.TempDir(), "console.json")
	o.Theme = "robby"
	m, _ := testModel(t, o, 100, 30)
	again := o.TUI
	again.Scrollback = 700
	m.Update(configMsg{tui: again})
	if m.theme() != "robby" || m.styles.accent == newStyles(m.themes, "default", m.profile).accent {
		t.Errorf("wears %s", m.theme())
	}
	o.Theme = ""
	if m, _ = testModel(t, o, 100, 30); m.theme() != "default" {
		t.Errorf("the next time it wears %s", m.theme())
	}
}

// Files of themes come, break and are mended while the console runs.
func TestThemesChangeWhileTheConsoleRuns(t *testing.T) {
	m, _ := sceneModel(t, 100, 40)
	mine := func(accent color.Color) themes {
		all := builtinThemes()
		all["mine"] = palette{about: "my own", accent: accent}
		return all
	}
	broken := brokenTheme{name: "mine", file: "/themes/mine.yaml", place: ":2:1", why: "there is no role"}
	press(t, m, "alt+t")
	m.Update(themesMsg{themes: mine(ansi.Red)})
	shows(t, m, "my own")
	for m.theme() != "mine" {
		press(t, m, "j")
	}
	press(t, m, "enter")
	red := m.styles.accent
	m.Update(themesMsg{themes: builtinThemes(), broken: []brokenTheme{broken}})
	shows(t, m, "/themes/mine.yaml:2:1: there is no role")
	if m.theme() != "mine" || m.styles.accent != red {
		t.Error("a mistake in the file takes the theme off")
	}
	m.Update(themesMsg{themes: mine(ansi.Blue)})
	if m.theme() != "mine" || m.styles.accent == red {
		t.Error("a theme that was corrected is not picked up")
	}
}

func TestABrokenThemeCannotBeChosen(t *testing.T) {
	for _, size := range [][2]int{{100, 40}, {60, 16}} {
		m, _ := sceneModel(t, size[0], size[1])
		m.Update(themesMsg{themes: builtinThemes(), broken: []brokenTheme{{name: "mine", file: "/themes/mine.yaml", place: ":2:1", why: "there is no role"}}})
		press(t, m, "alt+t")
		for range 30 {
			press(t, m, "j")
		}
		shows(t, m, "› mine")
		shows(t, m, "✗ cannot be read")
		shows(t, m, "/themes/mine.yaml:2:1: there is no role")
		requireShape(t, m, size[0], size[1])
		worn := m.theme()
		press(t, m, "enter")
		shows(t, m, "› mine")
		if m.theme() != worn || worn == "mine" {
			t.Errorf("wears %s", m.theme())
		}
		m.Update(themesMsg{themes: builtinThemes()}) // the file is gone
		press(t, m, "k")
		requireShape(t, m, size[0], size[1])
	}
}

func TestAConfigWithoutSuchAThemeKeepsTheOldOne(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	good := m.opts.TUI
	good.Theme = "robby"
	m.Update(configMsg{tui: good})
	bad := themedConfig(t, "robot")
	m.Update(configMsg{tui: bad.TUI, warnings: CheckTheme(bad, "")})
	if m.theme() != "robby" {
		t.Errorf("wears %s", m.theme())
	}
	shows(t, m, `but c.yaml:4:14: tui.theme: expected a theme, found "robot"`)
	all := builtinThemes()
	all["robot"] = palette{}
	m.Update(themesMsg{themes: all})
	if m.theme() != "robot" {
		t.Errorf("when there is one, it wears %s", m.theme())
	}
}

func TestTheThemesFolderIsWatched(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "themes")
	got := make(chan tea.Msg, 9)
	ctx, stop := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	defer watching.Wait()
	defer stop()
	last := folderStamp(dir)
	watching.Go(func() { watchThemes(ctx, dir, last, time.Millisecond, func(m tea.Msg) { got <- m }) })
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "mine.yaml")
	for text, ok := range map[string]func(themesMsg) bool{
		"acent: 3":  func(m themesMsg) bool { return len(m.broken) == 1 && m.broken[0].file == file },
		"accent: 3": func(m themesMsg) bool { return m.themes["mine"].accent == ansi.Yellow },
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for !ok((<-got).(themesMsg)) { // a slow machine sees it half written
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for len((<-got).(themesMsg).themes) != len(builtinThemes()) {
	}
}

func TestTheThemePickerShowsAndTakesBack(t *testing.T) {
	m, _ := sceneModel(t, 100, 30)
	before := m.View().Content
	press(t, m, "alt+t")
	for range 4 {
		press(t, m, "j")
	}
	shows(t, m, "› hal9000")
	if m.theme() != "hal9000" {
		t.Errorf("wears %s", m.theme())
	}
	requireShape(t, m, 100, 30)
	press(t, m, "esc")
	if m.View().Content != before {
		t.Error("esc does not take the theme back")
	}
	typeText(m, "/theme robby")
	press(t, m, "enter")
	if m.theme() != "robby" {
		t.Errorf("wears %s", m.theme())
	}
	typeText(m, "/theme plaid")
	press(t, m, "enter")
	shows(t, m, "there is no theme plaid")
}

// On 16 colours no theme may use more, and without colour none may use any.
func TestThemesFitTheTerminal(t *testing.T) {
	for _, theme := range builtinThemes().names() {
		for profile, bad := range map[colorprofile.Profile][]string{
			colorprofile.ANSI: {"38;2", "48;2", "38;5"}, colorprofile.ASCII: {"38;", "48;", "[31", "[91"},
		} {
			s := newStyles(builtinThemes(), theme, profile)
			for _, k := range append([]ink{s.text, s.muted, s.accent, s.bad, s.link, s.selected, s.chosen, s.danger}, s.names...) {
				for _, b := range bad {
					if strings.Contains(string(k), b) {
						t.Errorf("%s on %v has %q", theme, profile, k)
					}
				}
			}
		}
	}
}
