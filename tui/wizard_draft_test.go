package tui

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/config"
	"rosey/migrate"
)

// again opens another console in the same folder, as another run of the program
// does.
func (x *wizardTest) again(file string) *wizardTest {
	x.t.Helper()
	x.deps.busy.Wait()
	next := *x
	next.model = x.console(x.w, x.h, file)
	run1(next.model, next.view().want(next.model))
	return &next
}

// kept is everything in the state folder.
func (x *wizardTest) kept() string {
	x.t.Helper()
	x.deps.busy.Wait()
	var all strings.Builder
	err := fs.WalkDir(os.DirFS("state"), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all.WriteString(x.read(filepath.Join("state", path)))
		}
		return err
	})
	if err != nil {
		x.t.Fatal(err)
	}
	return all.String()
}

func TestWizardComesBackToEveryStep(t *testing.T) {
	x := newWizardTest(t, 100, 30, wizardV1)
	for _, step := range []wizardStep{wizardKeys, wizardChoices, wizardDiff, wizardApply} {
		x.toStep(step)
		x = x.again("config.json")
		x.at(step)
		shows(t, x.model, "You go on where you left on 20 Nov 2025 21:04. ctrl+n begins anew.")
		requireShape(t, x.model, 100, 30)
	}
	x.keys("enter")
	shows(t, x.model, "✓ "+string(migrate.StepResult))
	x = x.again("config.json")
	x.at(wizardStart)
	if _, err := migrate.FindDraft("state", "config.json"); err == nil {
		t.Error("what was begun outlives the migration")
	}
}

// What was chosen comes back, but for what lets somebody in, which is not on
// disk.
func TestWizardComesBackToWhatWasChosen(t *testing.T) {
	const secret = "another-secret"
	x := newWizardTest(t, 120, 50, wizardV1)
	x.toStep(wizardChoices)
	x.keys("right", "tab", "ctrl+u")
	typeText(x.model, "tls://nats.example.org:4222")
	x.keys("tab")
	typeText(x.model, "rosey-op")
	x.keys("tab")
	typeText(x.model, secret)
	x.keys("up", "up", "up", "up", "right") // the key that nobody knows: dropped
	x.keys("up", "left", "up", "ctrl+u")
	typeText(x.model, "data/bot.db")
	if err := os.Mkdir("data", 0o700); err != nil {
		t.Fatal(err)
	}
	x.keys("enter")
	x.at(wizardDiff)
	if kept := x.kept(); strings.Contains(kept, secret) || !strings.Contains(kept, "nats.example.org") {
		t.Errorf("on disk is\n%s", kept)
	}
	for range 2 { // leaving without having typed it again asks again
		x = x.again("config.json")
		x.at(wizardChoices)
		shows(t, x.model, "What lets you in is not kept: type the password again.")
		shows(t, x.model, "▸ password           not kept: type it again")
		for _, text := range []string{"◉ as a server of yours", "tls://nats.example.org:4222", "rosey-op", "data/bot.db", "◉ answered", "◉ dropped"} {
			shows(t, x.model, text)
		}
	}
	typeText(x.model, secret)
	hides(t, x.model, "password           not kept")
	x.keys("enter")
	x.at(wizardDiff)
	result := x.page().plan.After.Reveal()
	for _, text := range []string{"tls://nats.example.org:4222", "rosey-op", secret, "data/bot.db"} {
		if !strings.Contains(result, text) {
			t.Errorf("the result has no %s:\n%s", text, result)
		}
	}
	x.keys("enter", "enter")
	if kept := x.kept(); strings.Contains(kept, secret) {
		t.Errorf("after the migration the secret is on disk:\n%s", kept)
	}
}

func TestWizardComesBackToAnotherFile(t *testing.T) {
	x := newWizardTest(t, 100, 30, wizardV1)
	x.toStep(wizardChoices)
	x.keys("up", "right") // dropped
	x.keys("enter", "enter")
	x.at(wizardApply)
	x.deps.busy.Wait()
	x.write("config.json", strings.Replace(wizardV1, "movienight", "cinema", 1))
	x = x.again("config.json")
	x.at(wizardKeys)
	shows(t, x.model, "config.json was changed since 20 Nov 2025 21:04")
	shows(t, x.model, `"cinema"`)
	x.keys("enter")
	shows(t, x.model, "◉ dropped")
}

// Within one run nothing is to be typed again, whatever became of the file.
func TestWizardKeepsAPasswordWhileTheConsoleRuns(t *testing.T) {
	const secret = "another-secret"
	x := newWizardTest(t, 120, 50, wizardV1)
	x.toStep(wizardChoices)
	x.keys("right", "tab", "tab")
	typeText(x.model, "rosey-op")
	x.keys("tab")
	typeText(x.model, secret)
	x.toStep(wizardApply)
	x.write("config.json", wizardV1+"\n")
	x.keys("enter", "enter")
	x.at(wizardKeys)
	shows(t, x.model, "config.json was changed since")
	x.toStep(wizardDiff)
	if result := x.page().plan.After.Reveal(); !strings.Contains(result, secret) {
		t.Errorf("the result has no password:\n%s", result)
	}
	if kept := x.kept(); strings.Contains(kept, secret) {
		t.Errorf("on disk is\n%s", kept)
	}
}

// An address that may let somebody in is readable only where it is typed, and
// in no picture; another run asks for it again, tries nothing else in its place,
// and does not go on without it.
func TestWizardHidesAndAsksForASecretAddress(t *testing.T) {
	for _, typed := range []string{"nats://me:SECRET@host.example:4222", "nats://SECRET@host.example:4222", "nats://me:SECRET", "tls://a:1,tls://me:SECRET@b:2"} {
		t.Run(typed, func(t *testing.T) { secretAddress(t, typed) })
	}
}

func secretAddress(t *testing.T, typed string) {
	x := newWizardTest(t, 80, 24, wizardV1)
	var tried []string
	probe := func(_ context.Context, n config.NATS, _, _ string) probed {
		tried = append(tried, n.URL)
		return probed{text: "it answers"}
	}
	x.deps.tryNATS = probe
	x.toStep(wizardChoices)
	x.keys("right", "tab", "ctrl+u")
	typeText(x.model, typed)
	shows(t, x.model, "SECRET")
	if picture := x.snapshot().screen; strings.Contains(picture, "SECRET") {
		t.Error("a picture shows it")
	}
	x.keys("tab")
	hides(t, x.model, "SECRET")
	shows(t, x.model, "▸ user")
	x = x.again("config.json")
	x.at(wizardChoices)
	shows(t, x.model, "▸ url                not kept: type it again")
	hides(t, x.model, "nothing answers at") // the default was not tried
	tried, x.deps.tryNATS = nil, probe
	x.keys("tab", "tab", "enter")
	x.at(wizardChoices)
	shows(t, x.model, "✗ the url is not kept, since it may let somebody in:")
	shows(t, x.model, "▸ url                not kept: type it again")
	if len(tried) > 0 {
		t.Errorf("tried %q instead", tried)
	}
}

func (x *wizardTest) beginAnew() {
	x.t.Helper()
	_, cmd := x.Update(tea.KeyPressMsg{Code: 'n', Mod: tea.ModCtrl})
	run1(x.model, cmd)
}

func TestWizardBeginsAnew(t *testing.T) {
	x := newWizardTest(t, 100, 30, wizardV1)
	hides(t, x.model, "begin anew")
	x.toStep(wizardChoices)
	x.keys("up", "right", "enter")
	x.at(wizardDiff)
	x = x.again("config.json")
	x.beginAnew()
	x.at(wizardFile)
	shows(t, x.model, "You begin anew")
	if kept := x.kept(); kept != "" {
		t.Errorf("on disk is\n%s", kept)
	}
	x.toStep(wizardChoices)
	shows(t, x.model, "◉ kept")
	x.beginAnew()
	x = x.again("config.json")
	x.at(wizardFile)
	hides(t, x.model, "You go on")
}

func TestWizardLeavesOutADamagedDraft(t *testing.T) {
	x := newWizardTest(t, 100, 30, wizardV1)
	x.toStep(wizardDiff)
	x.deps.busy.Wait()
	paths, err := filepath.Glob("state/migrations/begun/*.json")
	if err != nil || len(paths) != 1 {
		t.Fatalf("%v, %v", paths, err)
	}
	for text, want := range map[string]string{"{": "What you chose earlier is damaged", `{"draft": 99}`: "What you chose earlier was written by a newer rosey, so you begin anew.", `{"draft": 1, "file": "x", "step": "supper"}`: "You go on"} {
		x.write(paths[0], text)
		next := x.again("config.json")
		next.deps.busy.Wait()
		shows(t, next.model, want)
		if step := next.page().step; step != wizardFile && step != wizardKeys {
			t.Errorf("%s: at step %d", text, step)
		}
	}
}

func TestWizardSaysThatItCannotKeepTheChoices(t *testing.T) {
	x := newWizardTest(t, 100, 30, wizardV1)
	x.write("state", "a file where the folder ought to be")
	x.toStep(wizardChoices)
	x.deps.busy.Wait()
	shows(t, x.model, "! What you choose is lost when you leave: keep the choices for another time:")
	x.toStep(wizardDiff)
}

// Where there is nothing to do with the config of the console, F9 goes on with
// the file that was begun with.
func TestWizardGoesOnWithAnotherFileThanTheConsoles(t *testing.T) {
	x := newWizardTest(t, 100, 30, wizardV1)
	x.toStep(wizardDiff)
	x.write("other.json", `{"version": "2.0", "nats": {"url": "nats://localhost:4222"}, "platforms": [{"domain": "https://cytu.be", "channel": "den"}]}`)
	for _, file := range []string{"other.json", ""} {
		next := x.again(file)
		next.at(wizardDiff)
		shows(t, next.model, "You go on where you left")
		next.keys("esc", "esc", "esc")
		next.at(wizardFile)
		shows(t, next.model, "/config.json")
		next.toStep(wizardDiff)
		next.deps.busy.Wait()
	}
	// What is typed is looked at for itself.
	next := x.again("config.json")
	next.keys("esc", "esc", "esc", "ctrl+u")
	typeText(next.model, "other.json")
	next.keys("enter")
	shows(t, next.model, "there is nothing to migrate")
}

// The wheel shows what lies below, though the person stands above; a key comes
// back to where they stand.
func TestWizardFormScrollsByTheWheel(t *testing.T) {
	x := newWizardTest(t, 80, 24, wizardV1)
	x.toStep(wizardChoices)
	shows(t, x.model, "a_key_nobody_knows")
	x.keys("right")
	hides(t, x.model, "a_key_nobody_knows")
	for range 5 {
		x.Update(tea.MouseWheelMsg{X: 9, Y: 9, Button: tea.MouseWheelDown})
	}
	shows(t, x.model, "a_key_nobody_knows")
	hides(t, x.model, "▸ runs")
	x.keys("tab")
	shows(t, x.model, "▸ url")
	x.Update(tea.MouseWheelMsg{X: 9, Y: 9, Button: tea.MouseWheelDown})
	x.click("Keys ")
	x.at(wizardKeys)
}

// The verdict is about what stands there, or says that it is not.
func TestWizardTriesWhatIsTypedOnceItRests(t *testing.T) {
	x := newWizardTest(t, 120, 50, wizardV1)
	x.toStep(wizardChoices)
	x.keys("tab")
	shows(t, x.model, "✓ nothing answers at nats://localhost:4222")
	typeText(x.model, "9")
	shows(t, x.model, "not tried yet")
	hides(t, x.model, "nothing answers at")
	second := func(n int) {
		x.Update(tickMsg(evening.Add(time.Duration(n) * time.Second)))
		run1(x.model, x.view().want(x.model))
	}
	second(1)
	second(2)
	shows(t, x.model, "✓ nothing answers at nats://localhost:42229")
	x.keys("tab")
	shows(t, x.model, "bot_data.db is sound")
	typeText(x.model, "x")
	hides(t, x.model, "bot_data.db is sound")
	shows(t, x.model, "not tried yet")
	second(3)
	second(4)
	shows(t, x.model, "there is none at bot_data.dbx")
}

func TestWizardChoosesWhereItsOwnServerListens(t *testing.T) {
	x := newWizardTest(t, 120, 50, wizardV1)
	x.toStep(wizardChoices)
	x.keys("tab", "ctrl+u")
	typeText(x.model, "10.0.0.1:4222")
	x.keys("enter")
	x.at(wizardChoices)
	shows(t, x.model, "listens on this machine only")
	x.keys("ctrl+u")
	typeText(x.model, "127.0.0.1:4333")
	x.keys("tab", "ctrl+u", "enter")
	x.at(wizardChoices)
	shows(t, x.model, "✗ name a file for the database")
	typeText(x.model, "bot_data.db")
	x.keys("enter")
	x.at(wizardDiff)
	result := x.page().plan.After.Reveal()
	if !strings.Contains(result, `"url": "nats://127.0.0.1:4333"`) || strings.Contains(result, "embedded") {
		t.Errorf("the result is\n%s", result)
	}
	x = x.again("config.json")
	x.keys("esc")
	shows(t, x.model, "◉ inside rosey")
	shows(t, x.model, "127.0.0.1:4333")
}

// click finds a text on the screen and clicks on its first cell.
func (x *wizardTest) click(text string) {
	x.t.Helper()
	for y, row := range screen(x.model) {
		if before, _, ok := strings.Cut(row, text); ok {
			_, cmd := x.Update(tea.MouseClickMsg{X: x.by.StringWidth(before), Y: y, Button: tea.MouseLeft})
			run1(x.model, cmd)
			return
		}
	}
	x.t.Fatalf("%q is not on the screen:\n%s", text, strings.Join(screen(x.model), "\n"))
}

func TestWizardByMouse(t *testing.T) {
	x := newWizardTest(t, 120, 40, wizardV1)
	x.click("g.json")
	typeText(x.model, "XY")
	shows(t, x.model, "▸ confiXYg.json")
	x.keys("backspace", "backspace")
	for step := wizardKeys; step <= wizardChoices; step++ {
		x.click("▸ enter")
		x.at(step)
	}
	x.click("as a server of yours")
	shows(t, x.model, "◉ as a server of yours")
	x.click("nats://localhost")
	x.keys("ctrl+k")
	typeText(x.model, "host")
	shows(t, x.model, "▸ url                host")
	x.click("inside rosey")
	x.click("kept")
	x.click("dropped")
	shows(t, x.model, "◉ dropped")
	shows(t, x.model, "▸ a_key_nobody_knows")
	x.click("Keys ")
	x.at(wizardKeys)
	x.click("Apply")
	x.at(wizardKeys) // what was not come to yet is no way
	x.toStep(wizardApply)
	x.click("write it now")
	shows(t, x.model, "✓ "+string(migrate.StepResult))
	x.click("Compare")
	x.at(wizardApply)
	x.keys("enter")
	x.click("attach to services")
	shows(t, x.model, "◉ attach to services")
	x.click("start them in this")
	x.keys("enter", "r")
	press(t, x.model, "enter")
	x.click("Config (y)") // too soon
	if x.dialog() == nil {
		t.Fatal("a click that came too soon answered")
	}
	x.dialog().(guarded).arm()
	x.click("Roll back ") // the frame
	if x.dialog() == nil {
		t.Fatal("a click beside the buttons answered")
	}
	x.click("Leave it (n)")
	if x.dialog() != nil || x.read("config.json") == wizardV1 {
		t.Fatal("the safe button does something else")
	}
	x.click("▸ enter")
	x.dialog().(guarded).arm()
	x.click("Config (y)")
	shows(t, x.model, "The old config is back.")
	if x.read("config.json") != wizardV1 {
		t.Error("the config did not come back")
	}
}
