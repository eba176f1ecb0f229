package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rosey/config"
	"rosey/migrate"
)

// beside puts a config and a database into a folder that the bot is not
// started in.
func (h home) beside(t testing.TB, name, v1 string) (config, database string) {
	t.Helper()
	dir := filepath.Join(h.dir, "old")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	h.withDatabase(t)
	database = filepath.Join(dir, name)
	if err := os.Rename(filepath.Join(h.dir, "bot_data.db"), database); err != nil {
		t.Fatal(err)
	}
	h.write(t, "old/config.json", v1)
	return filepath.Join(dir, "config.json"), database
}

// The bot opens the database that was checked and copied, whatever folder it is
// started in.
func TestDatabaseBesideTheConfigIsTheOneThatIsOpened(t *testing.T) {
	for _, test := range []struct{ name, v1, database string }{
		{"named", v1Config, "bot_data.db"},
		{"named in a way of its own", strings.Replace(v1Config, "bot_data.db", "./old.db", 1), "old.db"},
		{"v1's default", strings.Replace(v1Config, `"db": "bot_data.db",`, "", 1), "bot_data.db"},
		{"null", strings.Replace(v1Config, `"bot_data.db"`, "null", 1), "bot_data.db"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHome(t)
			file, database := h.beside(t, test.database, test.v1)
			if r := h.run(t, "migrate", "old/config.json", "--dry-run"); !strings.Contains(r.out, "whatever folder it is started in") || !strings.Contains(r.out, "is sound") {
				t.Errorf("the dry run does not tell of the path:\n%s%s", r.out, r.err)
			}
			r := h.run(t, "migrate", "old/config.json", "-o", "new.json", "--json")
			if cfg, _, err := config.Load(t.Context(), filepath.Join(h.dir, "new.json")); err != nil || cfg.Database.Path != database {
				t.Errorf("the output has another database (%v): %s%s", err, r.out, r.err)
			}
			r = h.run(t, "migrate", file)
			cfg, _, err := config.Load(t.Context(), file)
			if err != nil || cfg.Database.Path != database {
				t.Fatalf("the result opens another database than %s (%v): exit %d\n%s%s", database, err, r.code, r.out, r.err)
			}
			if !strings.Contains(r.out, "whatever folder it is started in") || strings.Contains(r.out, "counts from where") {
				t.Errorf("it said\n%s", r.out)
			}
		})
	}
}

func TestDatabaseBesideTheFileOfALink(t *testing.T) {
	h := newHome(t)
	file, database := h.beside(t, "bot_data.db", v1Config)
	if err := os.Mkdir(filepath.Join(h.dir, "links"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, filepath.Join(h.dir, "links", "config.json")); err != nil {
		t.Skip(err)
	}
	r := h.run(t, "migrate", "links/config.json")
	cfg, _, err := config.Load(t.Context(), file)
	if err != nil || !sameFileAs(t, cfg.Database.Path, database) {
		t.Errorf("another database (%v): exit %d\n%s%s", err, r.code, r.out, r.err)
	}
}

func sameFileAs(t *testing.T, a, b string) bool {
	t.Helper()
	one, errOne := os.Stat(a)
	two, errTwo := os.Stat(b)
	return errOne == nil && errTwo == nil && os.SameFile(one, two)
}

// Where there is none, it says where it looked.
func TestNoDatabaseTellsWhereItLooked(t *testing.T) {
	h := newHome(t)
	file, database := h.beside(t, "bot_data.db", v1Config)
	if err := errors.Join(os.Remove(database), os.Mkdir(filepath.Join(h.dir, "links"), 0o700)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, filepath.Join(h.dir, "links", "config.json")); err != nil {
		t.Skip(err)
	}
	r := h.run(t, "migrate", "links/config.json", "--dry-run")
	for _, dir := range []string{h.dir, filepath.Join(h.dir, "links"), filepath.Dir(file)} {
		if !strings.Contains(r.out, dir+" and ") && !strings.Contains(r.out, dir+")") {
			t.Errorf("it does not name %s:\n%s", dir, r.out)
		}
	}
}

// Where the bot finds it from here, the value stays what the old script wrote.
func TestDatabaseInThePresentFolderStaysAsItWasNamed(t *testing.T) {
	h := newHome(t)
	h.beside(t, "bot_data.db", v1Config)
	h.withDatabase(t)
	r := h.run(t, "migrate", "old/config.json")
	if r.code != 0 || !strings.Contains(h.read(t, "old/config.json"), `"path": "bot_data.db"`) || !strings.Contains(r.out, "counts from where rosey is started") {
		t.Errorf("exit %d\n%s%s\n%s", r.code, r.out, r.err, h.read(t, "old/config.json"))
	}
}

// What the bot could not open and not make is refused before anything is
// written.
func TestDatabaseThatCannotBeMadeIsRefused(t *testing.T) {
	h := newHome(t)
	if err := os.Mkdir(filepath.Join(h.dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"folder": "this is a folder", os.DevNull: "no regular file", "missing/bot.db": "there is no folder missing",
		"postgres://u:planted-secret@h/x": "is an address",
	} {
		h.write(t, "config.json", strings.Replace(v1Config, "bot_data.db", path, 1))
		before := listing(t, h.dir)
		for _, args := range [][]string{{"--dry-run"}, {}, {"--json"}, {"--json", "--dry-run"}, {"--rehearse"}, {"--yes"}} {
			r := h.run(t, append([]string{"migrate", "config.json"}, args...)...)
			all := r.out + r.err
			if !strings.Contains(all, want) || strings.Contains(all, "planted-secret") || strings.Contains(all, "makes it") {
				t.Errorf("%s %v: exit %d\n%s", path, args, r.code, all)
			}
			if len(args) > 0 && args[len(args)-1] == "--dry-run" {
				continue
			}
			if r.code != exitError {
				t.Errorf("%s %v: exit %d", path, args, r.code)
			}
		}
		if after := listing(t, h.dir); strings.Join(after, "\n") != strings.Join(before, "\n") {
			t.Errorf("%s: something was written:\n%s", path, strings.Join(after, "\n"))
		}
	}
}

func TestJSONTellsOfTheWholePath(t *testing.T) {
	h := newHome(t)
	_, database := h.beside(t, "bot_data.db", v1Config)
	var report migrate.Report
	r := h.run(t, "migrate", "old/config.json", "--json", "--dry-run")
	if err := json.Unmarshal([]byte(r.out), &report); err != nil {
		t.Fatal(err)
	}
	for _, k := range report.Keys {
		if k.From == "db" && (k.Action != migrate.Changed || string(k.New) != `"`+database+`"` || !strings.Contains(k.Why, "so that the bot opens this one")) {
			t.Errorf("the key says %+v", k)
		}
	}
}
