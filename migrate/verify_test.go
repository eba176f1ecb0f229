package migrate

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rosey/bus"
	"rosey/config"
)

// A config that waits for its migration has no backup yet; one that never was
// version 1 needs none.
func TestBackupOfWhatIsNotMigrated(t *testing.T) {
	for err, want := range map[error]Status{config.ErrV1: Pending, nil: Passed} {
		v := verifier{opts: VerifyOptions{ConfigFile: filepath.Join(t.TempDir(), "config.json"), StateDir: t.TempDir(), ConfigError: err}}
		if got := v.checkBackup(); got.Status != want {
			t.Errorf("with the error %v the item is %+v, want %s", err, got, want)
		}
	}
}

func TestAnsweredPMs(t *testing.T) {
	const s = int64(1000)
	tests := []struct {
		name string
		pms  []privateMessage
		want string // whose was answered
	}{
		{"answered", []privateMessage{{1 * s, "Hildy_J", "rosey"}, {2 * s, "Rosey", "hildy_j"}}, "Hildy_J"},
		{"not answered", []privateMessage{{1 * s, "troll", "Rosey"}}, ""},
		{"another answered", []privateMessage{{1 * s, "troll", "Rosey"}, {2 * s, "Rosey", "Hildy_J"}}, ""},
		{"the bot wrote first", []privateMessage{{1 * s, "Rosey", "bob"}, {2 * s, "bob", "Rosey"}}, ""},
		{"much later", []privateMessage{{1 * s, "bob", "Rosey"}, {200 * s, "Rosey", "bob"}}, ""},
	}
	for _, tt := range tests {
		c := commandProof{pms: tt.pms}
		if got, _ := c.answered("Rosey"); got.from != tt.want {
			t.Errorf("%s: answered %q, want %q", tt.name, got.from, tt.want)
		}
		if _, ok := c.answered(""); ok {
			t.Errorf("%s: a bot without a name answered", tt.name)
		}
	}
}

// A list that is complete says what none of its items proves.
func TestCompleteSaysWhatIsNotProved(t *testing.T) {
	items := []Item{{ID: ItemNATS, Status: Passed}, {ID: ItemCommands, Status: Passed, Unproven: "that a PM reaches the bot"}}
	if last := complete(items); last.Status != Passed || !strings.Contains(last.Evidence, "but not that a PM reaches the bot") || last.Unproven == "" {
		t.Errorf("it says %+v", last)
	}
	if last := complete(items[:1]); last.Unproven != "" || last.Evidence != "everything above was seen" {
		t.Errorf("it says %+v", last)
	}
}

// Whether the service opened the database that was migrated shows by its rows;
// while it has not told them, nothing is said of it.
func TestDatabaseItem(t *testing.T) {
	now := time.Now()
	record := &Record{Database: "/srv/bot_data.db", Rows: []TableRows{{"recent_chat", 900}, {"user_stats", 100}}}
	seen := func(change func(*verifier)) Item {
		v := &verifier{began: now, healthAt: now, health: bus.DBHealth{Rows: 3}, counted: true, record: record}
		v.channel.TotalUsers = 100
		change(v)
		return v.checkDatabase(now)
	}
	for name, test := range map[string]struct {
		change func(*verifier)
		status Status
		waits  string
		says   string
	}{
		"all there":       {func(*verifier) {}, Passed, "", "user_stats has 100"},
		"some cleared":    {func(v *verifier) { v.channel.TotalUsers = 92 }, Passed, "", "user_stats has 92"},
		"another file":    {func(v *verifier) { v.channel.TotalUsers = 1 }, Failed, "", "it opened another file than /srv/bot_data.db"},
		"an empty one":    {func(v *verifier) { v.channel.TotalUsers, v.health.Rows = 0, 0 }, Failed, "", "fewer rows than were migrated"},
		"taken back":      {func(v *verifier) { v.channel.TotalUsers = 1; v.record = &Record{Rows: record.Rows, RolledBack: now} }, Passed, "", ""},
		"not migrated":    {func(v *verifier) { v.channel.TotalUsers = 1; v.record = nil }, Passed, "", ""},
		"not counted yet": {func(v *verifier) { v.counted = false }, Pending, "", "has not told yet"},
		"does not tell":   {func(v *verifier) { v.counted, v.countErr = false, errors.New("no answer") }, Pending, "", "no answer"},
		"nothing written": {func(v *verifier) { v.health.Rows = 0 }, Pending, waitsForTime, "has stored nothing yet"},
	} {
		i := seen(test.change)
		if i.Status != test.status || i.WaitsFor != test.waits || !strings.Contains(i.Evidence, test.says) {
			t.Errorf("%s: %+v", name, i)
		}
	}
}
