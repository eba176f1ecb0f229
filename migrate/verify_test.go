package migrate

import (
	"path/filepath"
	"strings"
	"testing"

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
