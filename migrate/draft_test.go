package migrate

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"rosey/config"
)

// begun is a draft of f with everything decided that can be.
func (f folder) begun() Draft {
	n := config.Default().NATS
	n.Embedded, n.URL, n.User, n.PasswordFile = config.EmbeddedNo, "tls://nats.example.org:4222", "rosey-op", "nats.password"
	n.TLS.CA = "ca.pem"
	off := false
	return Draft{
		At: time.Date(2025, 11, 20, 21, 3, 0, 0, time.UTC), File: f.file, Hash: HashOf(f.source), Step: "compare",
		Decisions: Decisions{NATS: &n, Database: "data/bot.db", Shell: &off, Leave: []string{"a_key"}},
	}
}

func TestDraftIsKept(t *testing.T) {
	f := newFolder(t, "full.json")
	if _, err := FindDraft(f.state, f.file); !errors.Is(err, ErrNoDraft) {
		t.Fatalf("before anything was begun: %v", err)
	}
	want := f.begun()
	if err := want.Save(f.state); err != nil {
		t.Fatal(err)
	}
	want.Draft = draftVersion
	for _, named := range []string{f.file, ""} {
		got, err := FindDraft(f.state, named)
		if err != nil || !reflect.DeepEqual(*got, want) {
			t.Errorf("%q: kept %+v (%v), want %+v", named, got, err, want)
		}
	}
	path, err := draftPath(f.state, f.file)
	if err != nil || perm(t, path) != 0o600 || perm(t, filepath.Dir(path)) != 0o700 {
		t.Errorf("mode %04o, folder %04o (%v)", perm(t, path), perm(t, filepath.Dir(path)), err)
	}
	if err := RemoveDraft(f.state, f.file); err != nil {
		t.Fatal(err)
	}
	if _, err := FindDraft(f.state, f.file); !errors.Is(err, ErrNoDraft) {
		t.Errorf("after it was removed: %v", err)
	}
}

// No way to write a secret into the decisions leads into the file.
func TestDraftHoldsNoSecret(t *testing.T) {
	f := newFolder(t, "full.json")
	cases := map[string]struct {
		put  func(*config.NATS)
		want []string
	}{
		"password":              {func(n *config.NATS) { n.Password = planted }, []string{"password"}},
		"token":                 {func(n *config.NATS) { n.Token = planted }, []string{"token"}},
		"command":               {func(n *config.NATS) { n.PasswordCommand = "echo " + planted }, []string{"password_command"}},
		"address":               {func(n *config.NATS) { n.URL = "nats://op:" + planted + "@host:4222" }, []string{"url"}},
		"second address":        {func(n *config.NATS) { n.URL = "nats://one:4222, nats://" + planted + "@two:4222" }, []string{"url"}},
		"comma in the password": {func(n *config.NATS) { n.URL = "nats://op:x," + planted + "@host" }, []string{"url"}},
		"slash in the password": {func(n *config.NATS) { n.URL = "nats://op:x/" + planted + "@host" }, []string{"url"}},
		"without a scheme":      {func(n *config.NATS) { n.URL = "op:" + planted + "@host" }, []string{"url"}},
		"being typed":           {func(n *config.NATS) { n.URL = "nats://op:" + planted }, []string{"url"}},
		"in the query":          {func(n *config.NATS) { n.URL = "ws://host/?access_token=" + planted }, []string{"url"}},
		"all":                   {func(n *config.NATS) { n.Password, n.Token = planted, planted }, []string{"password", "token"}},
	}
	for name, test := range cases {
		d := f.begun()
		d.Decisions.Database = "postgres://op:" + planted + "@host/bot" // no path, whoever takes it for one
		test.put(d.Decisions.NATS)
		if err := d.Save(f.state); err != nil {
			t.Fatal(err)
		}
		path, err := draftPath(f.state, f.file)
		if err != nil {
			t.Fatal(err)
		}
		if text := string(read(t, path)); strings.Contains(text, planted) {
			t.Errorf("%s: the file has the secret:\n%s", name, text)
		}
		got, err := FindDraft(f.state, f.file)
		if err != nil || !reflect.DeepEqual(got.Withheld, test.want) {
			t.Errorf("%s: %+v (%v), want %v withheld", name, got, err, test.want)
		}
	}
}

// What may be a token or a password until an @ follows is not kept.
func TestAddressesThatMayHoldASecret(t *testing.T) {
	for urls, want := range map[string]bool{
		"": true, "nats://": true, "localhost": true, "nats://localhost:14222": true, "127.0.0.1:1234": true,
		"nats://[::1]:1234": true, "nats:4222": true, "tls://nats.example.org:4222": true,
		"wss://nats.example.org:443/": true, "nats://one:4222, nats://two:4222": true,

		"nats://user:1234": false, "user:1234": false, "first.last:1234": false, "nats://token": false,
		"nats://eyJ0.eyJq.c2ln": false, "nats://:1234": false, "nats://user:42222": false, "nats://10.0.0": false,
		"nats://one:4222,nats://user:12": false, "nats://user:4222/secret": false, "nats://user:4222#secret": false,
		"nats://user@": false, "nats://user:4222?secret": false, "secret": false,
	} {
		if got := plainURLs(urls); got != want {
			t.Errorf("%q is kept: %v", urls, got)
		}
	}
}

func TestDraftThatCannotBeRead(t *testing.T) {
	f := newFolder(t, "full.json")
	d := f.begun()
	if err := d.Save(f.state); err != nil {
		t.Fatal(err)
	}
	path, err := draftPath(f.state, f.file)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"":                 "damaged",
		"{":                "damaged",
		"[]":               "damaged",
		`{"draft": 1}`:     "damaged",
		`{"draft": "one"}`: "damaged",
		`{"draft": 2, "file": {"something": "else"}}`: "newer rosey",
		strings.Repeat(" ", draftLimit+1):             "damaged",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := FindDraft(f.state, f.file)
		if err == nil || errors.Is(err, ErrNoDraft) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "begin anew") {
			t.Errorf("%.40q: %v", text, err)
		}
		if _, err := FindDraft(f.state, ""); !errors.Is(err, ErrNoDraft) {
			t.Errorf("%.40q is the last one of all: %v", text, err)
		}
	}
	d.Decisions.Leave = []string{strings.Repeat("x", draftLimit)}
	if err := d.Save(f.state); err == nil || !strings.Contains(err.Error(), "are kept") {
		t.Errorf("a draft without bound: %v", err)
	}
}

func TestDraftsAreBounded(t *testing.T) {
	f := newFolder(t, "full.json")
	for i := range maxDrafts + 5 {
		d := f.begun()
		d.File = filepath.Join(f.dir, fmt.Sprintf("config%d.json", i))
		if err := d.Save(f.state); err != nil {
			t.Fatal(err)
		}
		path, err := draftPath(f.state, d.File)
		at := time.Unix(int64(1e9+i), 0)
		if err := errors.Join(err, os.Chtimes(path, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	kept := glob(t, filepath.Join(f.state, "migrations", "begun", "*"))
	if len(kept) != maxDrafts {
		t.Errorf("%d drafts are kept", len(kept))
	}
	if _, err := FindDraft(f.state, filepath.Join(f.dir, "config0.json")); !errors.Is(err, ErrNoDraft) {
		t.Errorf("the oldest is kept: %v", err)
	}
}

func TestDraftGoesWithTheMigrationAndWithTheWayBack(t *testing.T) {
	f := newFolder(t, "full.json")
	gone := func(when string) {
		t.Helper()
		if _, err := FindDraft(f.state, f.file); !errors.Is(err, ErrNoDraft) {
			t.Errorf("after %s: %v", when, err)
		}
	}
	if err := f.begun().Save(f.state); err != nil {
		t.Fatal(err)
	}
	f.apply(t, Options{})
	gone("the migration")
	if err := f.begun().Save(f.state); err != nil {
		t.Fatal(err)
	}
	r, err := PlanRollback(f.state, f.file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Apply(t.Context(), RollbackOptions{StateDir: f.state}); err != nil {
		t.Fatal(err)
	}
	gone("the way back")
}
