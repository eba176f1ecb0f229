package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rosey/migrate"
)

const v1Config = `{
  "domain": "https://cytu.be",
  "channel": "movienight",
  "user": ["Rosey", "planted-secret"],
  "db": "bot_data.db",
  "poll_interval": 300,
  "proxy": "127.0.0.1:9050"
}
`

// listing is every file below a folder, with all that a write would change.
func listing(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Lstat(path)
		if err != nil {
			return err
		}
		line := fmt.Sprintf("%s %v %d %v", path, info.Mode(), info.Size(), info.ModTime())
		if info.Mode().IsRegular() {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			line += " " + migrate.HashOf(data)
		}
		all = append(all, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// withDatabase puts a database of v0.5.0 into the folder.
func (h home) withDatabase(t testing.TB) {
	t.Helper()
	data, err := os.ReadFile("../../dbsvc/store/testdata/bot_data.db")
	if err != nil {
		t.Fatal(err)
	}
	h.write(t, "bot_data.db", string(data))
}

func (h home) read(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(h.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestMigratePrintsTheGuidesLines(t *testing.T) {
	h := newHome(t)
	h.write(t, "config.json", v1Config)
	r := h.run(t, "migrate", "config.json", "--backup")
	const want = `[*] Reading config: config.json
[*] Config version: 1.0 (v1 format detected)
[*] Creating backup: config.json.bak
[+] Backup created successfully
[*] Migrating to v2 format...
[+] Migration successful!
[*] Writing new config: config.json

✅ Migration complete!
`
	if r.code != 0 || !strings.HasPrefix(r.out, want) || !strings.Contains(r.out, "Next steps:") {
		t.Errorf("exit %d, printed\n%s%s", r.code, r.out, r.err)
	}
	if strings.Contains(r.out+r.err, "planted-secret") {
		t.Error("a secret is printed")
	}
	if h.read(t, "config.json.bak") != v1Config || !strings.Contains(h.read(t, "config.json"), `"user": ["Rosey", "planted-secret"]`) {
		t.Error("the backup is not the source, or the result lacks its values")
	}
	if r := h.run(t, "config", "validate", "-c", "config.json"); r.code != 0 {
		t.Errorf("the result is not valid: %s", r.err)
	}
	if r := h.run(t, "migrate", "config.json"); r.code != 0 || !strings.Contains(r.out, "Nothing to do") {
		t.Errorf("a second time: exit %d, printed %s", r.code, r.out)
	}
}

func TestMigrateExitCodes(t *testing.T) {
	h := newHome(t)
	h.write(t, "v1.json", v1Config)
	h.write(t, "v2.json", v2("localhost:4222", `"embedded": false`))
	h.write(t, "bad.json", `{"domain": "x",}`)
	h.write(t, "newer.json", `{"version": "3.0", "nats": {}}`)
	before := listing(t, h.dir)
	tests := []struct {
		args []string
		code int
		want string
	}{
		{[]string{"v1.json", "--check"}, exitDue, "A migration is due"},
		{[]string{"v2.json", "--check"}, exitOK, "Nothing to do"},
		{[]string{"v2.json"}, exitOK, "Nothing to do"},
		{[]string{"bad.json"}, exitError, "bad.json:1:15"},
		{[]string{"bad.json", "--check"}, exitError, "bad.json:1:15"},
		{[]string{"newer.json"}, exitError, "install a newer rosey"},
		{[]string{"missing.json"}, exitError, "no such file"},
		{[]string{"."}, exitError, "folder"},
		{[]string{}, exitUsage, "such as: rosey migrate config.json"},
		{[]string{"--json"}, exitUsage, "Try: rosey migrate --help"},
		{[]string{"v1.json", "v2.json"}, exitUsage, "one config at a time, such as: rosey migrate v1.json"},
		{[]string{"v1.json", "--backup", "--no-backup"}, exitUsage, "opposites"},
		{[]string{"v1.json", "-o", "-"}, exitUsage, "--dry-run"},
		{[]string{"v1.json", "--check", "--dry-run"}, exitUsage, "one of them"},
		{[]string{"v1.json", "--output", "v2.json"}, exitError, "there already"},
		{[]string{"rollback", "v1.json"}, exitError, "no migration is recorded"},
		{[]string{"rollback"}, exitError, "name the file"},
	}
	for _, tt := range tests {
		r := h.run(t, append([]string{"migrate"}, tt.args...)...)
		if r.code != tt.code || !strings.Contains(r.out+r.err, tt.want) {
			t.Errorf("%v: exit %d, want %d; it said\n%s%s", tt.args, r.code, tt.code, r.out, r.err)
		}
	}
	if after := listing(t, h.dir); !slices.Equal(before, after) {
		t.Errorf("files were touched:\n%s\nwas\n%s", strings.Join(after, "\n"), strings.Join(before, "\n"))
	}
}

func TestDryRunWritesNothing(t *testing.T) {
	h := newHome(t)
	h.write(t, "config.json", v1Config)
	h.withDatabase(t)
	before := listing(t, h.dir)
	for _, more := range [][]string{{}, {"--json"}} {
		r := h.run(t, append([]string{"migrate", "config.json", "--dry-run"}, more...)...)
		if r.code != 0 || !strings.Contains(r.out, "300") || strings.Contains(r.out, "planted-secret") {
			t.Errorf("exit %d, printed\n%s%s", r.code, r.out, r.err)
		}
	}
	r := h.run(t, "migrate", "config.json", "--dry-run")
	for _, want := range []string{`-  "domain": "https://cytu.be",`, `+  "version": "2.0",`, "953 rows", "Nothing was written"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("the dry run does not say %q:\n%s", want, r.out)
		}
	}
	if after := listing(t, h.dir); !slices.Equal(before, after) {
		t.Errorf("a dry run touched files:\n%s\nwas\n%s", strings.Join(after, "\n"), strings.Join(before, "\n"))
	}
}

func TestMigrateJSON(t *testing.T) {
	h := newHome(t)
	h.write(t, "config.json", v1Config)
	h.withDatabase(t)
	r := h.run(t, "migrate", "config.json", "--json")
	var report migrate.Report
	if err := json.Unmarshal([]byte(r.out), &report); err != nil {
		t.Fatalf("no JSON on standard output: %v\n%s", err, r.out)
	}
	d := report.Done
	if r.code != 0 || report.Report != migrate.ReportVersion || !report.Due || d == nil || d.Backup != "config.json.bak" || d.Database == nil {
		t.Fatalf("exit %d, report %+v", r.code, report)
	}
	if d.Database.Backup != "bot_data.db.bak" || !d.Database.Same() || d.Database.Before.Rows() == 0 {
		t.Errorf("database %+v", d.Database)
	}
	h.write(t, "bad.json", `{"domain": 5, "channel": "x"}`)
	r = h.run(t, "migrate", "bad.json", "--json")
	report = migrate.Report{}
	if err := json.Unmarshal([]byte(r.out), &report); err != nil || r.code != exitError || len(report.Problems) != 1 || report.Problems[0].Line != 1 {
		t.Errorf("exit %d, %v, report %+v", r.code, err, report)
	}
}

func TestRollbackBringsConfigAndDatabaseBack(t *testing.T) {
	h := newHome(t)
	h.write(t, "config.json", v1Config)
	h.withDatabase(t)
	if r := h.run(t, "migrate", "config.json"); r.code != 0 {
		t.Fatal(r.err)
	}
	migrated := h.read(t, "config.json")
	rows := func(name string) int64 {
		c, err := databases().Inspect(t.Context(), filepath.Join(h.dir, name), true)
		if err != nil {
			t.Fatal(err)
		}
		return c.Rows()
	}
	oldest, err := os.ReadFile("../../dbsvc/store/testdata/bot_data_oldest.db") // something happened to it since
	if err != nil {
		t.Fatal(err)
	}
	h.write(t, "bot_data.db", string(oldest))
	since := rows("bot_data.db")
	before := listing(t, h.dir)
	if r := h.run(t, "migrate", "rollback", "--dry-run"); r.code != 0 || !strings.Contains(r.out, `-  "version": "2.0",`) {
		t.Errorf("exit %d, printed\n%s%s", r.code, r.out, r.err)
	}
	if after := listing(t, h.dir); !slices.Equal(before, after) {
		t.Error("a dry run touched files")
	}
	r := h.run(t, "migrate", "rollback", "config.json", "--database")
	if r.code != 0 || strings.Contains(r.out, "planted-secret") {
		t.Fatalf("exit %d, printed\n%s%s", r.code, r.out, r.err)
	}
	if h.read(t, "config.json") != v1Config || h.read(t, "config.json.v2.bak") != migrated {
		t.Error("the config did not come back, or what it replaced was not kept")
	}
	if got, want := rows("bot_data.db"), rows("bot_data.db.bak"); got != want || got == since {
		t.Errorf("the database has %d rows, its copy %d", got, want)
	}
	if got := rows("bot_data.db.v2.bak"); got != since {
		t.Errorf("the replaced database was kept with %d rows, had %d", got, since)
	}
}

// A terminal that cannot show the wizard gets a question.
func TestMigrateAsksOnADumbTerminal(t *testing.T) {
	h := newHome(t)
	h.write(t, "config.json", v1Config)
	for _, answer := range []string{"n", "y"} {
		cmd := h.command(t, "migrate", "config.json")
		cmd.Env = h.env("TERM=dumb")
		x := openTerminal(t, 100, 120, cmd)
		x.waitFor("poll_interval", `"version": "2.0"`, "Migrate config.json now? [y/N]")
		if h.read(t, "config.json") != v1Config {
			t.Fatal("it wrote before it was answered")
		}
		x.send(answer + "\r")
		if code := x.exit(); code != 0 {
			t.Errorf("answered %s: exit %d", answer, code)
		}
		if migrated := h.read(t, "config.json") != v1Config; migrated != (answer == "y") {
			t.Errorf("answered %s: migrated is %v", answer, migrated)
		}
	}
}

func TestRehearsal(t *testing.T) {
	h, site := newHome(t), newSite(t)
	h.write(t, "config.json", fmt.Sprintf(`{"domain": %q, "channel": %q, "user": ["Rosey", %q], "db": "bot_data.db"}`, site.server.URL(), siteChannel, sitePassword))
	h.withDatabase(t)
	before := listing(t, h.dir)
	r := h.run(t, "migrate", "config.json", "--rehearse")
	for _, want := range []string{"[+] Database: sound", "[+] Config: migrated", "[+] NATS, database service and bot: started", "[+] CyTube: joined den", "[+] Database: taken over (rosey ", "byte for byte", "✅ Rehearsal complete"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("the rehearsal does not say %q", want)
		}
	}
	if r.code != 0 || t.Failed() {
		t.Errorf("exit %d, printed\n%s%s", r.code, r.out, r.err)
	}
	after := listing(t, h.dir)
	if changed := slices.DeleteFunc(after, func(line string) bool { return slices.Contains(before, line) || strings.HasPrefix(line, h.dir+" ") }); len(changed) > 0 {
		t.Errorf("the rehearsal touched or left\n%s", strings.Join(changed, "\n"))
	}
}
