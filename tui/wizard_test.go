package tui

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"

	"rosey/bus"
	"rosey/config"
	"rosey/migrate"
)

const wizardSecret = "planted-secret"

const wizardV1 = `{
  "domain": "https://cytu.be",
  "channel": "movienight",
  "user": ["Rosey", "planted-secret"],
  "proxy": "127.0.0.1:9050",
  "shell": null,
  "db": "bot_data.db",
  "poll_interval": 300,
  "a_key_nobody_knows": {"keep": ["me", 1]}
}
`

// A wizardry test has a console without services in a folder of its own, with a
// v1 config and something that stands for its database.
type wizardTest struct {
	*model
	t       *testing.T
	home    string // where the tests' own data lie
	started []string
	stopped int
	lists   []migrate.Checklist // what verifying shows
}

func newWizardTest(t *testing.T, w, h int, v1 string) *wizardTest {
	t.Helper()
	home, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	x := &wizardTest{t: t, home: home, lists: []migrate.Checklist{checklist(migrate.Pending)}}
	t.Chdir(t.TempDir())
	x.write("config.json", v1)
	x.write("bot_data.db", "the database")
	x.model = x.console(w, h, "config.json")
	run1(x.model, x.view().want(x.model))
	return x
}

// console opens another one in the same folder.
func (x *wizardTest) console(w, h int, file string) *model {
	o := testOptions()
	o.Rooms = nil
	o.Migration = &Migration{
		File: file, StateDir: "state", Soak: time.Hour, Databases: &migrate.Databases{
			Inspect: func(_ context.Context, path string, _ bool) (migrate.Contents, error) {
				_, err := os.Stat(path)
				return migrate.Contents{Schema: "v0.5.0", Bytes: 151552, Tables: []migrate.TableRows{{Table: "user_stats", Rows: 29}, {Table: "recent_chat", Rows: 912}}}, err
			},
			Copy: func(_ context.Context, from, to string) error {
				data, err := os.ReadFile(from)
				if err != nil {
					return err
				}
				return os.WriteFile(to, data, 0o600)
			},
		},
		Start: x.start,
	}
	m, _ := testModel(x.t, o, w, h)
	m.views[viewMigration] = newWizardPage() // the first tick has begun one, and nobody ran what it wanted
	m.arrange()
	m.deps.workshop = newWorkshop(x.t.Context())
	m.deps.plug = func(Options) deps { return m.deps }
	m.deps.tryNATS = func(_ context.Context, n config.NATS, _, _ string) probed {
		return probed{"nothing answers at " + n.URL + ": rosey starts its own there", probeGood}
	}
	m.deps.verify = func(context.Context, migrate.VerifyOptions) <-chan migrate.Checklist {
		lists := make(chan migrate.Checklist, len(x.lists))
		for _, l := range x.lists {
			lists <- l
		}
		close(lists)
		return lists
	}
	return m
}

func (x *wizardTest) start(file string, own bool, say func(string)) (*Services, error) {
	cfg, _, err := config.Load(x.t.Context(), file)
	if err != nil {
		return nil, err
	}
	say("[*] Connecting to NATS: " + cfg.NATS.URL)
	x.started = append(x.started, file)
	s := &Services{Conn: &bus.Conn{}, Config: cfg}
	if own {
		s.Stop = func(context.Context) error { x.stopped++; return nil }
	}
	return s, nil
}

func (x *wizardTest) write(name, text string) {
	x.t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		x.t.Fatal(err)
	}
}

func (x *wizardTest) read(name string) string {
	x.t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		x.t.Fatal(err)
	}
	return string(data)
}

// keys presses keys and lets what follows from each happen.
func (x *wizardTest) keys(names ...string) {
	x.t.Helper()
	for _, n := range names {
		run1(x.model, press(x.t, x.model, n))
	}
}

// at fails unless the wizard stands at step.
func (x *wizardTest) at(step wizardStep) {
	x.t.Helper()
	if got := x.page().step; got != step {
		x.t.Fatalf("at step %d, want %d; the screen:\n%s", got, step, strings.Join(screen(x.model), "\n"))
	}
}

func (x *wizardTest) page() *wizardPage { return x.views[viewMigration].(*wizardPage) }

// checklist is the list with everything seen, or with what takes a person and
// time open.
func checklist(status migrate.Status) migrate.Checklist {
	items := []migrate.Item{
		{ID: migrate.ItemBackup, Title: "Config is backed up", Evidence: "config.json.bak, made 2025-11-20 21:00:00, SHA-256 0123456789ab…"},
		{ID: migrate.ItemNATS, Title: "NATS is there", Evidence: "nats-server 2.15.2 at nats://localhost:4222, round trip under 1ms, with JetStream"},
		{ID: migrate.ItemConfig, Title: "Config is version 2", Evidence: "config.json loads: version 2.0, rooms: primary (movienight)"},
		{ID: migrate.ItemNATSStarted, Title: "NATS is started", Evidence: "connected since 21:00:02"},
		{ID: migrate.ItemBot, Title: "Bot starts", Evidence: "it runs as attic-1-abc and says so every second"},
		{ID: migrate.ItemCyTube, Title: "Bot is connected to CyTube", Evidence: "in the room as Rosey, rank 3 since 21:00:03"},
		{ID: migrate.ItemUsers, Title: "Users appear", Evidence: "11 in the user list"},
		{ID: migrate.ItemChat, Title: "Chat is stored", Evidence: `"hey everyone!" of Alice, said at 21:01:00, was found in the database`},
		{ID: migrate.ItemCommands, Title: "PM commands work", Evidence: "the bot answered a private message of Alice, 2025-11-20 21:02:00"},
		{ID: migrate.ItemDatabase, Title: "Database is updated", Evidence: "rows are being written (none waits); user_stats has 29, with 912 chat lines"},
		{ID: migrate.ItemSoak, Title: "It runs for 1 h without issues", Evidence: "so it did; 0 reconnects, 0 restarts, 0 lost, 0 errors, at most 3 writes behind"},
		{ID: migrate.ItemComplete, Title: "Migration is complete", Evidence: "everything above was seen"},
	}
	for i := range items {
		items[i].Status = migrate.Passed
	}
	list := migrate.Checklist{Room: "primary", Status: status, Items: items}
	if status == migrate.Passed {
		return list
	}
	open := func(id string, status migrate.Status, evidence, do string) {
		for i := range items {
			if items[i].ID == id {
				items[i].Status, items[i].Evidence, items[i].Do = status, evidence, do
			}
		}
	}
	open(migrate.ItemChat, migrate.Pending, "nobody has said anything yet", "say something in the room")
	open(migrate.ItemDatabase, migrate.Failed, "the disk is full", "the service tries again by itself once that is mended; nothing is lost until then")
	open(migrate.ItemSoak, migrate.Pending, "since 21:00:03, 56 min left; 0 reconnects, 0 restarts, 0 lost, 0 errors, at most 3 writes behind", "let it run; you may leave and look again later")
	open(migrate.ItemComplete, migrate.Pending, "4 of 11 items are left", "see above")
	list.Soak.Started = evening.Add(-237 * time.Second)
	return list
}

// toStep walks there by enter alone.
func (x *wizardTest) toStep(step wizardStep) {
	x.t.Helper()
	for n := 0; x.page().step != step; n++ {
		if n > 12 {
			x.t.Fatalf("step %d was not reached; the screen:\n%s", step, strings.Join(screen(x.model), "\n"))
		}
		x.keys("enter")
	}
}

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
	found, err := fs.Glob(os.DirFS("."), "*")
	if err != nil || strings.Join(found, " ") != "bot_data.db config.json" || x.read("config.json") != wizardV1 {
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
	x.at(wizardFile)
	shows(t, x.model, "It is version 1")
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
	if err := x.parts(wizardApply).(*wizardApplyPart).err; !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	again := x.console(100, 30, "config.json")
	run1(again, again.view().want(again))
	shows(t, again, "It is version 1")
}

func (x *wizardTest) parts(step wizardStep) wizardPart { return x.page().parts[step] }

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

func TestProbesSayWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	n := config.Default().NATS
	n.URL = "nats://127.0.0.1:0"
	server, err := bus.StartServer(t.Context(), bus.ServerOptions{NATS: n, StateDir: dir, StoreDir: filepath.Join(dir, "js")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Shutdown(context.WithoutCancel(t.Context())) })
	n.URL, n.Embedded = server.URL(), config.EmbeddedNo
	if p := probeNATS(t.Context(), n, dir, dir); p.mood != probeGood || !strings.Contains(p.text, "with JetStream") {
		t.Errorf("a server that answers: %+v", p)
	}
	wrong := n
	wrong.User, wrong.Password = "operator", "not its password"
	if p := probeNATS(t.Context(), wrong, dir, dir); p.mood != probeBad || !strings.Contains(p.text, "refused the credentials") {
		t.Errorf("wrong credentials: %+v", p)
	}
	wrong = n
	wrong.TLS.CA = "ca.pem"
	if p := probeNATS(t.Context(), wrong, dir, dir); p.mood != probeBad || !strings.Contains(p.text, filepath.Join(dir, "ca.pem")) {
		t.Errorf("a missing authority: %+v", p)
	}
	wrong = n
	wrong.URL = "nats://127.0.0.1:1"
	if p := probeNATS(t.Context(), wrong, dir, dir); p.mood != probeBad || !strings.Contains(p.text, "no NATS server answers") {
		t.Errorf("nobody there: %+v", p)
	}
	wrong.Embedded = config.EmbeddedAuto
	if p := probeNATS(t.Context(), wrong, dir, dir); p.mood != probeGood || !strings.Contains(p.text, "starts its own") {
		t.Errorf("nobody there, and rosey's own: %+v", p)
	}
}
