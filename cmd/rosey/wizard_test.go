package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rosey/migrate"
)

// passes waits until the screen shows texts, then sends keys.
func (x *terminal) passes(keys string, texts ...string) {
	x.t.Helper()
	x.waitFor(texts...)
	x.send(keys)
}

// From a v1 file to every box ticked by what is seen, and back, in the wizard of
// the built binary.
func TestWizardFromV1ToEveryBoxTickedAndBack(t *testing.T) {
	h, site := newHome(t), newSite(t)
	source := v1For(site, `"localhost:5555"`)
	h.write(t, "config.json", source)
	h.withDatabase(t)
	address := freeAddress(t)
	h.write(t, "nats.json", v2(address, `"embedded": true`))
	nats := h.start(t, "run", "--only", "nats", "-c", "nats.json")

	x := h.terminal(t, 120, 40, "migrate", "config.json", "--soak", "3s")
	x.passes("\r", "It is version 1, JSON, with 4 keys")
	x.passes("\r", "platforms[0].channel", "enter  choose what is open")
	x.passes(" ", "◉ inside rosey", "is sound")
	x.passes("\t\x15nats://"+address+"\t", "◉ as a server of yours", "url")
	x.waitFor("✓ nats-server", address, "with JetStream")
	x.passes("\r", "enter  see the difference")
	x.passes("\r", "VERSION 2", address)
	x.waitFor("Nothing is written yet")
	if h.read(t, "config.json") != source {
		t.Fatal("it wrote before it was told to")
	}
	x.send("\r")
	x.passes("\r", "✓ write the new configuration", "rows before and", "enter  start the services")
	x.passes("\r", "◉ start them in this console")
	x.waitFor("Bot is connected to CyTube", "[✓] Bot starts")
	site.waitForBot()
	x.send("\x1bOQ") // F2: the console has come alive, and the list goes on meanwhile
	x.waitFor("CyTube ●", "NATS ●", "DB ●")
	site.puppet("Alice").Say("is this thing on?")
	x.waitFor("is this thing on?")
	x.send("\x1b[20~")
	x.waitFor("12 of 12 seen", "[✓] Migration is complete")
	sameAsScreen(t, h, x)

	x.passes("\r", "enter  all is seen")
	x.passes("r", "The migration is complete")
	x.passes("\r", "unchanged since by", "enter  bring it back")
	x.passes("d", "‹ Leave it (n) ›")
	for !strings.Contains(x.text(), "The old config is back") { // what comes too soon is swallowed
		if strings.Contains(x.text(), "‹ Leave it (n) ›") {
			x.send("d")
		}
		x.waitUntil("the question or its answer", func(s string) bool {
			return strings.Contains(s, "‹ Leave it (n) ›") || strings.Contains(s, "The old config is back")
		})
	}
	if h.read(t, "config.json") != source {
		t.Error("the config that came back is not the one that was there")
	}
	waitUntil(t, "the bot out of the room", func() bool { return !slices.Contains(site.server.Channel(siteChannel).Users(), "Rosey") })
	x.send("\x03")
	if code := x.exit(); code != 0 {
		t.Errorf("exit %d", code)
	}
	leftTerminal(t, x)
	if strings.Contains(x.written(), sitePassword) {
		t.Error("the password was on the screen")
	}
	if code := nats.stop(); code != 0 {
		t.Errorf("NATS exited with %d", code)
	}
}

// Where the services run already, the wizard starts no second ones, and attaches
// to those.
func TestWizardAttachesToServicesThatRun(t *testing.T) {
	h, site := newHome(t), newSite(t)
	h.write(t, "config.json", v1For(site, "null"))
	h.withDatabase(t)
	if r := h.run(t, "migrate", "config.json", "--yes"); r.code != 0 {
		t.Fatal(r.err)
	}
	h.useNATS(t, freeAddress(t))
	services := h.start(t, "run")
	services.waitFor("[*] Starting bot...")
	site.waitForBot()
	x := h.terminal(t, 80, 24, "migrate", "config.json")
	x.passes("\r", "◉ start them in this console")
	x.passes("\t", "a bot runs in the room primary already")
	x.passes("\r", "◉ attach to services that run")
	x.waitFor("[✓] Bot starts", "[✓] Bot is connected to CyTube")
	x.send("\x03")
	if code := x.exit(); code != 0 {
		t.Errorf("exit %d", code)
	}
	if !slices.Contains(site.server.Channel(siteChannel).Users(), "Rosey") {
		t.Error("the bot that ran left with the console")
	}
}

// sameAsScreen holds what `rosey check` says against the boxes on the screen.
func sameAsScreen(t *testing.T, h home, x *terminal) {
	t.Helper()
	var list migrate.Checklist
	waitUntil(t, "check sees all of it, too", func() (ok bool) {
		var code int
		list, code = h.check(t, "-c", "config.json", "--soak", "3s")
		return code == exitOK && len(list.Items) == 12
	})
	screen := x.text()
	marks := map[migrate.Status]string{migrate.Passed: "[✓] ", migrate.Pending: "[ ] ", migrate.Failed: "[!] "}
	for _, i := range list.Items {
		if !strings.Contains(screen, marks[i.Status]+i.Title) {
			t.Errorf("check says %s of %q, and the screen does not", i.Status, i.Title)
		}
		same := i.ID == migrate.ItemConfig || i.ID == migrate.ItemUsers // of the others each may have seen something else
		if same && !strings.Contains(screen, i.Evidence) {
			t.Errorf("check has the evidence %q, and the screen does not", i.Evidence)
		}
	}
}

// stepMarks are how the trail shows the steps before anything is written.
var stepMarks = []string{"● File", "● Keys", "● Choose", "● Compare", "● Apply"}

// leave ends the console, which gives the terminal back and has changed nothing.
func (x *terminal) leave(h home, source string) {
	x.t.Helper()
	x.send("\x03")
	if code := x.exit(); code != 0 || h.read(x.t, "config.json") != source {
		x.t.Fatalf("exit %d, config\n%s", code, h.read(x.t, "config.json"))
	}
	leftTerminal(x.t, x)
}

// Left before anything is written, the file is as it was, and the next run goes
// on at that step; come back to after it was written, the wizard goes on behind
// it.
func TestWizardIsLeftAndComeBackTo(t *testing.T) {
	h := newHome(t)
	h.write(t, "config.json", v1Config)
	for n, mark := range stepMarks {
		x := h.terminal(t, 80, 24, "migrate", "config.json")
		if n == 0 {
			x.waitFor("It is version 1", mark)
		} else {
			x.waitFor(stepMarks[n-1])
			if n > 1 {
				x.waitFor("You go on where you left on", "ctrl+n begins anew")
			}
			x.send("\r")
			x.waitFor(mark)
		}
		x.leave(h, v1Config)
	}
	x := h.terminal(t, 80, 24, "migrate", "config.json")
	x.waitFor("● Apply", "You go on where you left on")
	x.send("\x0e")
	x.waitFor("● File", "You begin anew")
	x.leave(h, v1Config)
	x = h.terminal(t, 80, 24, "migrate", "config.json")
	x.waitFor("● File", "It is version 1")
	x.leave(h, v1Config)
	if r := h.run(t, "migrate", "config.json"); r.code != 0 {
		t.Fatal(r.err)
	}
	x = h.terminal(t, 80, 24, "migrate", "config.json")
	x.passes("r", "start them in this console")
	x.waitFor("Roll back", "config.json.bak")
	x.send("\x03")
	if code := x.exit(); code != 0 {
		t.Errorf("exit %d", code)
	}
}

// What was chosen comes back by every way into the wizard; a password does not,
// and is in no file.
func TestWizardGoesOnByEveryWayIn(t *testing.T) {
	const secret = "typed-in-the-wizard"
	h := newHome(t)
	h.write(t, "config.json", v1Config)
	x := h.terminal(t, 100, 40, "migrate", "config.json")
	x.passes("\r", "It is version 1")
	x.passes("\r", "● Keys")
	x.passes(" \t\x15nats://127.0.0.1:1\trosey-op\t"+secret+"\t", "● Choose", "◉ inside rosey")
	x.waitFor("◉ as a server of yours", "rosey-op", "no NATS server answers at nats://127.0.0.1:1")
	x.passes("\r", "••••••")
	x.waitFor("● Compare")
	x.leave(h, v1Config)
	for _, way := range []struct{ args, keys []string }{
		{[]string{"migrate", "config.json"}, nil}, {[]string{"tui"}, nil}, {[]string{"tui", "--attach"}, nil},
		{[]string{"tui"}, []string{"\x1bOQ", "\x1b[20~"}}, // F2 and F9
	} {
		x := h.terminal(t, 100, 40, way.args...)
		for _, key := range way.keys {
			x.waitFor("rosey")
			x.send(key)
		}
		x.waitFor("● Choose", "You go on where you left on", "type the password", "nats://127.0.0.1:1", "rosey-op", "▸ password", "not kept")
		x.leave(h, v1Config)
		if strings.Contains(x.written(), secret) {
			t.Errorf("%v: the password was on the screen", way.args)
		}
	}
	h.eachFile(t, func(path string, info fs.FileInfo, text string) {
		if strings.Contains(text, secret) {
			t.Errorf("%s has the password", path)
		}
		if strings.Contains(path, "begun") && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %04o", path, info.Mode().Perm())
		}
	})
	changed := strings.Replace(v1Config, "{", "{\n  \"media_log_file\": \"m.log\",", 1)
	h.write(t, "config.json", changed)
	x = h.terminal(t, 100, 40, "tui")
	x.waitFor("● Keys", "config.json was changed since", "media_log_file")
	x.leave(h, changed)
}

// eachFile looks at every file in the home folder.
func (h home) eachFile(t testing.TB, look func(path string, info fs.FileInfo, text string)) {
	t.Helper()
	err := filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		look(path, info, string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// rosey tui with a v1 file offers the migration; without a terminal, and
// read-only, it refuses with the command.
func TestConsoleOffersTheMigration(t *testing.T) {
	h := newHome(t)
	h.write(t, "config.json", v1Config)
	for _, args := range [][]string{{"tui"}, {"tui", "--attach"}} {
		x := h.terminal(t, 80, 24, args...)
		x.waitFor("Migration", "config.json", "It is version 1", "one key takes it back")
		x.send("\x1bOQ")
		x.waitFor("nothing runs yet", "F9")
		x.send("\x03")
		if code := x.exit(); code != 0 {
			t.Errorf("%v: exit %d", args, code)
		}
		leftTerminal(t, x)
	}
	x := h.terminal(t, 160, 24, "tui", "--read-only")
	if code := x.exit(); code != exitConfig || !strings.Contains(x.text(), "rosey migrate config.json") {
		t.Errorf("read-only: exit %d", code)
	}
	if r := h.run(t, "run"); r.code != exitConfig || !strings.Contains(r.err, "rosey migrate config.json") {
		t.Errorf("without a terminal: exit %d, %s", r.code, r.err)
	}
	if h.read(t, "config.json") != v1Config {
		t.Error("the config was touched")
	}
}

// What is refused, and what there is nothing to do with, opens no wizard.
func TestMigrateOnATerminalWithoutAWizard(t *testing.T) {
	h := newHome(t)
	h.write(t, "bad.json", `{"domain": "x",}`)
	h.write(t, "v2.json", v2("localhost:4222", `"embedded": false`))
	for file, want := range map[string]struct {
		code int
		text string
	}{"bad.json": {exitError, "bad.json:1:15"}, "v2.json": {exitOK, "Nothing to do"}} {
		x := h.terminal(t, 100, 24, "migrate", file)
		if code := x.exit(); code != want.code || !strings.Contains(x.text(), want.text) {
			t.Errorf("%s: exit %d, screen\n%s", file, code, fmt.Sprint(x.text()))
		}
	}
}
