package tui

import (
	"errors"
	"testing"

	"rosey/migrate"
)

func TestWizardStartsAndTicks(t *testing.T) {
	x := newWizardTest(t, 120, 40, wizardV1)
	x.toStep(wizardStart)
	shows(t, x.model, "◉ start them in this console")
	x.lists = []migrate.Checklist{checklist(migrate.Pending), checklist(migrate.Passed)}
	x.keys("enter")
	x.at(wizardVerify)
	if len(x.started) != 1 || x.started[0] != "config.json" || x.room() == nil || x.room().name != "primary" {
		t.Errorf("started %v, room %v", x.started, x.room())
	}
	shows(t, x.model, "12 of 12 seen")
	x.keys("enter")
	x.at(wizardDone)
	shows(t, x.model, "The migration is complete.")
}

// On a small screen the whole list is seen at a glance, and by a key in full.
func TestWizardShowsTheListInFull(t *testing.T) {
	x := newWizardTest(t, 80, 24, wizardV1)
	x.toStep(wizardVerify)
	hides(t, x.model, "0123456789ab")
	shows(t, x.model, "space in full")
	x.keys("space")
	shows(t, x.model, "0123456789ab")
	shows(t, x.model, "more rows")
	x.keys("space")
	hides(t, x.model, "0123456789ab")
}

// What is chosen already stays so.
func TestWizardAttachesByMoreThanOneKey(t *testing.T) {
	x := newWizardTest(t, 80, 24, wizardV1)
	x.toStep(wizardStart)
	x.keys("down", "space", "down")
	shows(t, x.model, "◉ attach to services")
	x.keys("up")
	shows(t, x.model, "◉ start them")
	x.keys("right")
	shows(t, x.model, "◉ attach to services")
}

func TestWizardSaysWhyItDoesNotStart(t *testing.T) {
	x := newWizardTest(t, 120, 40, wizardV1)
	x.toStep(wizardStart)
	start := x.opts.Migration.Start
	x.opts.Migration.Start = func(string, bool, func(string)) (*Services, error) {
		return nil, errors.New("the port is taken: free it")
	}
	x.keys("enter")
	x.at(wizardStart)
	shows(t, x.model, "✗ the port is taken: free it")
	x.opts.Migration.Start = start
	x.keys("enter")
	x.at(wizardVerify)
}

func TestWizardRollsBack(t *testing.T) {
	x := newWizardTest(t, 120, 40, wizardV1)
	x.toStep(wizardVerify)
	migrated := x.read("config.json")
	x.write("bot_data.db", "what was stored since")
	x.keys("r")
	x.at(wizardBack)
	shows(t, x.model, "unchanged since by")
	shows(t, x.model, `-  "version": "2.0",`)
	hides(t, x.model, wizardSecret)
	x.keys("esc")
	x.at(wizardVerify)
	x.keys("r")
	ask := func(answer string) {
		press(t, x.model, "enter")
		press(t, x.model, answer) // typed before the question was seen
		if x.dialog() == nil || x.read("config.json") != migrated {
			t.Fatal("a key that was typed ahead answered the question")
		}
		x.dialog().(guarded).arm()
		x.keys(answer)
	}
	ask("n")
	if x.read("config.json") != migrated || x.stopped != 0 {
		t.Error("it was brought back though the answer was no")
	}
	ask("d")
	shows(t, x.model, "The old config is back.")
	if !x.unplugged() || x.room() != nil {
		t.Error("the console shows services that are stopped")
	}
	if x.stopped != 1 || x.read("config.json") != wizardV1 || x.read("config.json.v2.bak") != migrated {
		t.Error("the services were not stopped, or the config did not come back")
	}
	if x.read("bot_data.db") != "the database" || x.read("bot_data.db.v2.bak") != "what was stored since" {
		t.Error("the database did not come back, or what it replaced was not kept")
	}
	x.keys("enter")
	x.at(wizardFile)
	shows(t, x.model, "It is version 1")
	x.toStep(wizardVerify)
	if len(x.started) != 2 {
		t.Errorf("started %d times", len(x.started))
	}
}

// Attached to services that run elsewhere, the database is left alone: they are
// at work on it.
func TestWizardLeavesARunningDatabaseAlone(t *testing.T) {
	x := newWizardTest(t, 120, 40, wizardV1)
	x.toStep(wizardStart)
	x.keys("down")
	shows(t, x.model, "◉ attach to services that run")
	x.keys("enter", "r")
	press(t, x.model, "enter")
	shows(t, x.model, "The services run elsewhere and go on")
	hides(t, x.model, "Config and database")
	x.dialog().(guarded).arm()
	x.keys("y")
	shows(t, x.model, "Stop rosey run first")
	if x.read("config.json") != wizardV1 || x.stopped != 0 {
		t.Error("the config did not come back, or services elsewhere were stopped")
	}
	x.reconfigure(readConfig("config.json", ""))
	hides(t, x.model, "mistake")
	shows(t, x.model, "the config is version 1 now")
}
