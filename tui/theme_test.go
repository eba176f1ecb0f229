package tui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

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
	all, problems := userThemes(dir)
	if _, ok := all["mine"]; !ok || len(all["old"].names) != 2 || len(all) != len(builtinThemes())+2 {
		t.Errorf("themes %v", all.names())
	}
	said := strings.Join(problems, "\n")
	for _, want := range []string{"badrole.yaml: line 2: \"acent\" is no role", "badhex.yaml: line 3: accent: \"green\" is no colour", "badyaml.yaml: yaml: line", "huge.yaml: the file is too large"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q does not say %q", said, want)
		}
	}
	if len(problems) != 4 {
		t.Errorf("problems:\n%s", said)
	}
	if all, problems := userThemes(filepath.Join(dir, "none")); len(problems) > 0 || len(all) != len(builtinThemes()) {
		t.Errorf("without a folder: %v", problems)
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
			s, _ := newStyles(builtinThemes(), theme, profile)
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
