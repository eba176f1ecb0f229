package tui

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"

	"rosey/bus"
	"rosey/config"
	"rosey/migrate"
)

func TestWizardSteps(t *testing.T) {
	for _, s := range []struct{ w, h int }{{80, 24}, {120, 40}, {200, 60}} {
		t.Run(size(s.w, s.h), func(t *testing.T) {
			x := newWizardTest(t, s.w, s.h, wizardV1)
			shown := map[string]string{}
			var order []string
			see := func(name string) {
				requireShape(t, x.model, s.w, s.h)
				if strings.Contains(x.View().Content, wizardSecret) {
					t.Errorf("%s shows the password", name)
				}
				shown[name] = strings.Join(screen(x.model), "\n")
				order = append(order, name)
			}
			for _, step := range []wizardStep{wizardFile, wizardKeys, wizardChoices, wizardDiff, wizardApply} {
				x.toStep(step)
				see(strings.ToLower(wizardNames[step]))
			}
			x.keys("enter")
			see("applied")
			x.keys("enter")
			see("start")
			x.keys("enter")
			see("verify")
			x.page().checks.list = checklist(migrate.Passed)
			see("verified")
			x.keys("enter")
			see("done")
			t.Chdir(x.home)
			for _, name := range order {
				t.Run(name, func(t *testing.T) { golden.RequireEqual(t, shown[name]) })
			}
		})
	}
}

func TestWizardFitsEverySize(t *testing.T) {
	x := newWizardTest(t, 80, 24, wizardV1)
	every := func() {
		for w := 40; w <= 240; w += 9 {
			for h := 8; h <= 70; h += 6 {
				x.Update(tea.WindowSizeMsg{Width: w, Height: h})
				requireShape(t, x.model, w, h)
				x.keys("pgdown")
				requireShape(t, x.model, w, h)
			}
		}
		x.Update(tea.WindowSizeMsg{Width: 69, Height: 40})
		shows(t, x.model, "needs 70x20, this is 69x40")
		x.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	}
	for step := wizardFile; step < wizardDone; step++ {
		x.toStep(step)
		every()
	}
	x.keys("r")
	x.at(wizardBack)
	every()
}

func TestWizardPathIsTypedAndCompleted(t *testing.T) {
	x := newWizardTest(t, 100, 30, wizardV1)
	x.write("bad.json", "{\n  \"domain\": \"x\",\n}\n")
	if err := os.MkdirAll("old-bot", 0o700); err != nil {
		t.Fatal(err)
	}
	x.write("old-bot/config.yaml", "domain: cytu.be\nchannel: den\n")
	x.keys("ctrl+u")
	typeText(x.model, "b")
	x.keys("tab")
	shows(t, x.model, "▸ bad.json")
	x.keys("enter")
	x.at(wizardFile)
	shows(t, x.model, "bad.json:2:")
	x.keys("ctrl+u")
	hides(t, x.model, "bad.json:2:")
	typeText(x.model, "missing.json")
	x.keys("enter")
	shows(t, x.model, "there is no such file")
	x.keys("ctrl+u", "tab")
	shows(t, x.model, "bad.json  config.json  old-bot/")
	typeText(x.model, "old")
	x.keys("tab", "tab")
	shows(t, x.model, "▸ old-bot/config.yaml")
	x.keys("enter")
	x.at(wizardKeys)
	shows(t, x.model, "version 1, YAML, 2 keys")
	x.keys("esc", "esc")
	if x.shown != viewRoom {
		t.Error("esc on the first step does not leave the wizard")
	}
	shows(t, x.model, "nothing runs yet")
}

func TestWizardChoicesGoIntoThePlan(t *testing.T) {
	x := newWizardTest(t, 120, 50, wizardV1)
	x.toStep(wizardChoices)
	shows(t, x.model, "bot_data.db is sound: v0.5.0, 941 rows in 2 tables")
	x.keys("right", "tab", "ctrl+u")
	typeText(x.model, "nonsense://x")
	x.keys("enter")
	x.at(wizardChoices)
	shows(t, x.model, "nats.url")
	x.keys("ctrl+u")
	typeText(x.model, "tls://nats.example.org:4222")
	x.keys("tab")
	typeText(x.model, "rosey-op")
	x.keys("tab")
	typeText(x.model, "another-secret")
	x.keys("tab")
	hides(t, x.model, "another-secret")
	shows(t, x.model, "nothing answers at tls://nats.example.org:4222")
	x.keys("up", "up", "up", "up", "up", "right") // around to the key that nobody knows: dropped
	x.keys("up", "left", "up", "ctrl+u")
	typeText(x.model, "data/bot.db")
	x.keys("tab", "enter")
	x.at(wizardChoices)
	all := strings.Join(screen(x.model), "\n")
	if strings.Count(all, "there is no folder data") != 1 || strings.Contains(all, "makes it when it starts") {
		t.Errorf("a database that cannot be made is refused once:\n%s", all)
	}
	if err := os.Mkdir("data", 0o700); err != nil {
		t.Fatal(err)
	}
	x.keys("ctrl+u")
	typeText(x.model, "old/bot.db")
	x.keys("tab", "up", "ctrl+u")
	typeText(x.model, "data/bot.db")
	x.keys("tab")
	shows(t, x.model, "there is none at data/bot.db")
	x.keys("enter")
	x.at(wizardDiff)
	hides(t, x.model, "another-secret")
	result := x.page().plan.After.Reveal()
	cfg, _, err := config.Parse("config.json", []byte(result))
	if err != nil {
		t.Fatal(err)
	}
	if n := cfg.NATS; n.URL != "tls://nats.example.org:4222" || n.User != "rosey-op" || n.Password.Reveal() != "another-secret" || n.Embedded != config.EmbeddedNo {
		t.Errorf("nats is %+v", n)
	}
	if cfg.Database.Path != "data/bot.db" || !cfg.Shell.Enabled || strings.Contains(result, "a_key_nobody_knows") {
		t.Errorf("database %q, shell %v, result\n%s", cfg.Database.Path, cfg.Shell.Enabled, result)
	}
	x.keys("esc")
	shows(t, x.model, "rosey-op") // going back forgets nothing
}

// Nothing is chosen otherwise: the result is the old script's.
func TestWizardWithoutChoicesChangesNothing(t *testing.T) {
	x := newWizardTest(t, 120, 50, wizardV1)
	plain := x.page().plan.After
	x.toStep(wizardDiff)
	if got := x.page().plan.After; got != plain {
		t.Errorf("the result is\n%s\nwant\n%s", got.Reveal(), plain.Reveal())
	}
}

func TestWizardWritesNothingBeforeItIsToldTo(t *testing.T) {
	x := newWizardTest(t, 100, 30, wizardV1)
	x.toStep(wizardApply)
	shows(t, x.model, "Nothing is written yet")
	x.deps.busy.Wait() // what was chosen is kept beside the console
	found, err := fs.Glob(os.DirFS("."), "*")
	if err != nil || strings.Join(found, " ") != "bot_data.db config.json state" || x.read("config.json") != wizardV1 {
		t.Errorf("there is %v (%v), and the config\n%s", found, err, x.read("config.json"))
	}
	for step := wizardDiff; step > wizardFile; step-- {
		x.keys("esc")
		x.at(step)
	}
	x.toStep(wizardApply)
	x.keys("enter")
	x.at(wizardApply)
	shows(t, x.model, "✓ "+string(migrate.StepResult))
	shows(t, x.model, "941 rows before and 941 after")
	if x.read("config.json.bak") != wizardV1 || x.read("bot_data.db.bak") != "the database" || !strings.Contains(x.read("config.json"), `"version": "2.0"`) {
		t.Error("the backup, the database's copy or the new config is not there")
	}
	x.keys("esc")
	if x.shown != viewRoom {
		t.Error("one can go back behind what is written")
	}
}

// Where the copies go is said as it will be.
func TestWizardSaysWhereTheCopiesGo(t *testing.T) {
	x := newWizardTest(t, 100, 30, wizardV1)
	x.toStep(wizardApply)
	shows(t, x.model, "the config is copied to config.json.bak")
	shows(t, x.model, "it is copied to bot_data.db.bak")
	if err := os.Remove("bot_data.db"); err != nil {
		t.Fatal(err)
	}
	x = x.again("config.json")
	x.at(wizardApply)
	hides(t, x.model, "the database is checked")
	hides(t, x.model, "bot_data.db.bak")
}

// A passed item that leaves something open is read to its end, and the whole
// says so, too.
func TestWizardSaysWhatIsNotProved(t *testing.T) {
	x := newWizardTest(t, 80, 24, wizardV1)
	list := checklist(migrate.Passed)
	for i := range list.Items {
		switch list.Items[i].ID {
		case migrate.ItemCommands:
			list.Items[i].Evidence = "the bot takes the command help (a dry run over NATS); this does not prove that a PM reaches it: send the bot the private message help"
			list.Items[i].Unproven = "that a PM reaches the bot"
		case migrate.ItemComplete:
			list.Items[i].Evidence = "everything above was seen, but not that a PM reaches the bot"
			list.Items[i].Unproven = "that a PM reaches the bot"
		}
	}
	x.lists = []migrate.Checklist{list}
	x.toStep(wizardVerify)
	shows(t, x.model, "12 of 12 seen")
	x.keys("pgdown")
	text := strings.Join(strings.Fields(strings.Join(screen(x.model), " ")), " ")
	for _, want := range []string{"the private message help", "everything above was seen, but not that a PM reaches the bot"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not on the screen:\n%s", want, strings.Join(screen(x.model), "\n"))
		}
	}
	x.toStep(wizardDone)
	shows(t, x.model, "but nothing has shown yet that a PM reaches")
}

func TestWizardSaysThatTheFileChangedMeanwhile(t *testing.T) {
	x := newWizardTest(t, 100, 30, wizardV1)
	x.toStep(wizardApply)
	x.write("config.json", wizardV1+"\n")
	x.keys("enter")
	shows(t, x.model, "the file was changed meanwhile")
	if x.read("config.json") != wizardV1+"\n" {
		t.Error("the file was written all the same")
	}
	x.keys("enter")
	x.at(wizardKeys)
	shows(t, x.model, "config.json was changed since")
	x.toStep(wizardApply)
	x.keys("enter")
	shows(t, x.model, "✓ "+string(migrate.StepResult))
}

// The console ends in the middle of writing: the old file is whole.
func TestWizardLeftInTheMiddle(t *testing.T) {
	x := newWizardTest(t, 100, 30, wizardV1)
	x.toStep(wizardApply)
	life, leave := context.WithCancel(t.Context())
	x.deps.workshop = newWorkshop(life)
	inspect := x.opts.Migration.Databases.Inspect
	x.opts.Migration.Databases.Inspect = func(ctx context.Context, path string, still bool) (migrate.Contents, error) {
		leave()
		return inspect(ctx, path, still)
	}
	x.keys("enter")
	x.deps.busy.Wait()
	if x.read("config.json") != wizardV1 {
		t.Error("the config was written after the console was left")
	}
	if err := x.page().apply.err; !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	again := x.console(100, 30, "config.json")
	run1(again, again.view().want(again))
	shows(t, again, "Nothing is written yet")
}

func TestWizardGoesOnWhereItWasLeft(t *testing.T) {
	x := newWizardTest(t, 100, 30, wizardV1)
	x.toStep(wizardDiff)
	x.keys("f2", "f9")
	x.at(wizardDiff)
	x.toStep(wizardStart)
	// Another run finds what was done by the record on disk.
	again := x.console(100, 30, "config.json")
	run1(again, again.view().want(again))
	if p := again.view().(*wizardPage); p.step != wizardStart || !p.mayUndo() {
		t.Errorf("another console stands at step %d", p.step)
	}
	// A console on services that run with that config goes to the checklist.
	attached := x.console(100, 30, "config.json")
	cfg, _, err := config.Load(t.Context(), "config.json")
	if err != nil {
		t.Fatal(err)
	}
	attached.opts.Conn, attached.opts.Migration.Start = &bus.Conn{}, nil
	attached.opts.Migration.Running = &Services{Conn: attached.opts.Conn, Config: cfg}
	attached.shown = viewRoom
	run1(attached, press(t, attached, "f9"))
	shows(t, attached, "8 of 12 seen in primary")
	shows(t, attached, "[ ] Chat is stored")
	shows(t, attached, "→ say something in the room")
}

func TestWizardShowsHostileFilesHarmlessly(t *testing.T) {
	x := newWizardTest(t, 120, 40, `{"domain": "https://cytu.be", "channel": "den", "evil\u001b[31m\u202e": "\u001b]0;title\u0007\u202egnp"}`)
	for _, step := range []wizardStep{wizardFile, wizardKeys, wizardChoices, wizardDiff, wizardApply} {
		x.toStep(step)
		if s := x.View().Content; strings.ContainsAny(s, "\u202e\a") || strings.Contains(s, "\x1b]0") || strings.Contains(s, "evil\x1b[31m") {
			t.Errorf("step %d passes what the file holds to the terminal", step)
		}
	}
}
