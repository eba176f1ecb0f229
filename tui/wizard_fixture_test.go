package tui

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

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
	x.t.Cleanup(m.deps.busy.Wait) // before the folder that it writes in is left
	m.deps.plug = func(Options) deps { return m.deps }
	m.deps.tryNATS = func(_ context.Context, n config.NATS, _, _ string) probed {
		return probed{text: "nothing answers at " + n.URL + ": rosey starts its own there", mood: probeGood}
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
	list.Soak.Started, list.Soak.MaxBehind = evening.Add(-237*time.Second), 3
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
