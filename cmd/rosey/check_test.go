package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rosey/bus"
	"rosey/config"
	"rosey/migrate"
)

// check runs `rosey check --json` and reads its list.
func (h home) check(t testing.TB, args ...string) (migrate.Checklist, int) {
	t.Helper()
	r := h.run(t, append([]string{"check", "--json"}, args...)...)
	var list migrate.Checklist
	if err := json.Unmarshal([]byte(r.out), &list); err != nil {
		t.Fatalf("no JSON on standard output: %v\n%s%s", err, r.out, r.err)
	}
	return list, r.code
}

// v1For is a v1 config for the site, the shell as given.
func v1For(s *site, shell string) string {
	return fmt.Sprintf(`{"domain": %q, "channel": %q, "user": ["Rosey", %q], "shell": %s}`, s.server.URL(), siteChannel, sitePassword, shell)
}

// useNATS lets a migrated config use a server of the test's own.
func (h home) useNATS(t testing.TB, address string) {
	t.Helper()
	h.write(t, "config.json", strings.Replace(h.read(t, "config.json"), "localhost:4222", address, 1))
}

// From a v1 file to every box ticked: the guide, followed.
func TestFromV1ToEveryBoxTicked(t *testing.T) {
	h, site := newHome(t), newSite(t)
	h.write(t, "config.json", v1For(site, "null"))
	h.withDatabase(t)
	list, code := h.check(t)
	if code != exitError || list.Item(migrate.ItemConfig).Status != migrate.Failed || !strings.Contains(list.Item(migrate.ItemConfig).Do, "rosey migrate") {
		t.Errorf("before the migration: exit %d, %+v", code, list.Item(migrate.ItemConfig))
	}
	if r := h.run(t, "migrate", "config.json"); r.code != 0 {
		t.Fatal(r.err)
	}
	h.useNATS(t, freeAddress(t))
	if list, code = h.check(t); code != exitError || list.Item(migrate.ItemNATS).Status != migrate.Failed {
		t.Errorf("before the start: exit %d, %+v", code, list.Items)
	}

	services := h.start(t, "run")
	services.waitFor("[*] Starting bot...")
	site.waitForBot()
	waitUntil(t, "nothing but waiting, before anybody spoke", func() bool {
		list, code = h.check(t)
		return code == exitPending && list.Item(migrate.ItemChat).Status == migrate.Pending
	})
	site.puppet("Alice").Say("is this thing <on>?")
	watch := h.start(t, "check", "--watch", "--soak", "3s")
	watch.waitFor("[x] Migration is complete")
	if err := watch.cmd.Wait(); err != nil {
		t.Errorf("check --watch: %v, printed\n%s", err, watch.stdout())
	}
	waitUntil(t, "every box ticked", func() bool {
		list, code = h.check(t, "--soak", "3s")
		return code == exitOK && list.Status == migrate.Passed && len(list.Items) == 12
	})
	for id, want := range map[string]string{
		migrate.ItemBackup: "config.json.bak", migrate.ItemNATS: "JetStream", migrate.ItemCyTube: "as Rosey, rank 3",
		migrate.ItemChat: "was found in the database", migrate.ItemUsers: "2 in the user list", migrate.ItemDatabase: "user_stats has",
	} {
		if got := list.Item(id).Evidence; !strings.Contains(got, want) {
			t.Errorf("%s: evidence %q, want %q in it", id, got, want)
		}
	}
	if code := services.stop(); code != 0 {
		t.Errorf("the services exited with %d", code)
	}
	list, code = h.check(t, "--soak", "3s")
	if code != exitError || list.Item(migrate.ItemBot).Status == migrate.Passed {
		t.Errorf("after the stop: exit %d, %+v", code, list.Items)
	}
	if r := h.run(t, "migrate", "rollback", "config.json", "--yes"); r.code != 0 || h.read(t, "config.json") != v1For(site, "null") {
		t.Errorf("rollback: exit %d, %s", r.code, r.err)
	}
}

// A backup that was touched fails, and the soak timer of one look goes on in
// the next.
func TestCheckRemembers(t *testing.T) {
	h, site := newHome(t), newSite(t)
	h.write(t, "config.json", v1For(site, `"localhost:5555"`))
	if r := h.run(t, "migrate", "config.json"); r.code != 0 {
		t.Fatal(r.err)
	}
	address := freeAddress(t)
	h.useNATS(t, address)
	services := h.start(t, "run")
	services.waitFor("[*] Starting bot...")
	site.waitForBot()
	var first migrate.Checklist
	waitUntil(t, "the soak timer", func() bool {
		first, _ = h.check(t)
		return !first.Soak.Started.IsZero()
	})
	if first.Item(migrate.ItemCommands).Status == migrate.Failed {
		t.Errorf("commands: %+v", first.Item(migrate.ItemCommands))
	}
	if err := os.WriteFile(filepath.Join(h.dir, "config.json.bak"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.moderatorSent(t, address)
	var second migrate.Checklist
	waitUntil(t, "the moderator's command", func() bool {
		second, _ = h.check(t)
		return second.Item(migrate.ItemCommands).Status == migrate.Passed
	})
	if !second.Soak.Started.Equal(first.Soak.Started) || !second.Soak.Seen.After(first.Soak.Seen) {
		t.Errorf("the soak timer did not go on: %+v, then %+v", first.Soak, second.Soak)
	}
	if got := second.Item(migrate.ItemBackup); got.Status != migrate.Failed || !strings.Contains(got.Evidence, "was changed") {
		t.Errorf("a changed backup: %+v", got)
	}
	if code := services.stop(); code != 0 {
		t.Errorf("the services exited with %d", code)
	}
	services = h.start(t, "run")
	services.waitFor("[*] Starting bot...")
	site.waitForBot()
	waitUntil(t, "the restart to count", func() bool {
		list, _ := h.check(t)
		return list.Soak.Restarts == 1 && list.Soak.Started.After(second.Soak.Started)
	})
}

// moderatorSent writes into user_actions what the bot writes when a moderator
// gave a command by PM.
func (h home) moderatorSent(t testing.TB, address string) {
	t.Helper()
	conn, err := bus.Connect(t.Context(), bus.ConnectOptions{
		NATS: config.NATS{URL: "nats://" + address}, Role: bus.RoleBot, Name: "test", StateDir: filepath.Join(h.dir, "state", "rosey"),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer closeConn(conn)
	data, err := json.Marshal(bus.ActionWrite{Username: "Hildy_J", Action: "pm_command", Details: "users"})
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.NC.Publish(bus.SubjectActionLog, data); err != nil {
		t.Fatal(err)
	}
}
