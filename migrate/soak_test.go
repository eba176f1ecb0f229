package migrate

import (
	"testing"
	"time"
)

// look is what a healthy system shows at a minute of the test.
func look(minute float64, change ...func(*sight)) sight {
	s := sight{at: time.Unix(0, 0).Add(time.Duration(minute * float64(time.Minute))), visible: true, bot: "bot-1", database: "db-1"}
	for _, f := range change {
		f(&s)
	}
	return s
}

func wrong(s *sight)  { s.wrong = "the bot went silent" }
func lost(s *sight)   { s.wrong, s.link = "the bot's connection to CyTube was lost", true }
func blind(s *sight)  { s.visible = false }
func newBot(s *sight) { s.bot = "bot-2" }
func lossy(s *sight)  { s.dropped = 4 }
func behindBy(n uint64) func(*sight) {
	return func(s *sight) { s.behind = n }
}

func TestSoak(t *testing.T) {
	tests := []struct {
		name    string
		looks   []sight
		longest float64 // minutes
		want    Soak    // its counters
		running bool
	}{
		{"an hour", []sight{look(0), look(30), look(60)}, 60, Soak{}, true},
		{"nothing yet", []sight{look(0, wrong), look(1, wrong)}, 0, Soak{}, false},
		{"a late beat", []sight{look(0), look(10, wrong), look(10.05), look(20)}, 20, Soak{}, true},
		{"a silence", []sight{look(0), look(10, wrong), look(10.1, wrong), look(11), look(20)}, 9, Soak{Errors: 1}, true},
		{"a silence counts once", []sight{look(0), look(10, wrong), look(11, wrong), look(12, wrong)}, 0, Soak{Errors: 1}, false},
		{"a reconnect", []sight{look(0), look(30, lost), look(31, lost), look(32), look(40)}, 8, Soak{Reconnects: 1}, true},
		{"nobody looked", []sight{look(0), look(1), look(2, blind), look(59, blind), look(60)}, 60, Soak{}, true},
		{"a restart while nobody looked", []sight{look(0), look(1), look(50, newBot), look(60, newBot)}, 10, Soak{Restarts: 1}, true},
		{"a loss", []sight{look(0), look(10, lossy), look(20, lossy)}, 10, Soak{Drops: 4}, true},
		{"old losses are nobody's", []sight{look(0, lossy), look(10, lossy)}, 10, Soak{}, true},
		{"a short lag", []sight{look(0), look(10, behindBy(7)), look(10.5, behindBy(2)), look(11)}, 11, Soak{MaxBehind: 7}, true},
		{"a long lag", []sight{look(0), look(10, behindBy(7)), look(12, behindBy(9)), look(13)}, 10, Soak{MaxBehind: 9, Errors: 1}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var timer soakTimer
			for _, s := range tt.looks {
				timer.observe(s)
			}
			got := timer.Soak
			counters := Soak{Reconnects: got.Reconnects, Restarts: got.Restarts, Drops: got.Drops, Errors: got.Errors, MaxBehind: got.MaxBehind}
			if counters != tt.want {
				t.Errorf("counted %+v, want %+v", counters, tt.want)
			}
			if minutes := got.Longest / 60; minutes != tt.longest {
				t.Errorf("the longest run is %.1f minutes, want %.1f", minutes, tt.longest)
			}
			if running := !got.Started.IsZero(); running != tt.running {
				t.Errorf("running is %v", running)
			}
		})
	}
}

func TestSoakHearsOfLossesWhileNobodyLooked(t *testing.T) {
	at := func(minute float64) time.Time { return look(minute).at }
	opts := VerifyOptions{StateDir: t.TempDir(), Room: "den"}
	first := loadSoak(opts)
	first.observe(look(0))
	first.observe(look(1))
	first.save(opts, true)

	quiet := loadSoak(opts)
	quiet.connection(at(0.5), "down") // before the last look: it was seen then
	quiet.observe(look(60))
	if quiet.Longest != 3600 || quiet.Reconnects != 0 {
		t.Errorf("a quiet hour: %+v", quiet.Soak)
	}

	rough := loadSoak(opts)
	rough.connection(at(30), "down")
	rough.connection(at(31), "up")
	rough.observe(look(60))
	rough.observe(look(61))
	if rough.Longest != 60 || rough.Reconnects != 1 || !rough.Started.Equal(at(60)) {
		t.Errorf("an hour with a loss: %+v", rough.Soak)
	}
}

// What ran before the config was migrated, or brought back, is not what runs
// after.
func TestSoakBeginsAnewWithAnotherConfig(t *testing.T) {
	f := newFolder(t, "full.json")
	now := time.Now()
	opts := VerifyOptions{StateDir: f.state, Room: "den", ConfigFile: f.file}
	ran := func(from, to time.Time) {
		t.Helper()
		timer := loadSoak(opts)
		timer.observe(look(0, func(s *sight) { s.at = from }))
		timer.observe(look(0, func(s *sight) { s.at = to }))
		timer.save(opts, true)
	}
	counted := func(when string, want float64) {
		t.Helper()
		if got := loadSoak(opts); got.Longest != want || want == 0 && !got.Started.IsZero() {
			t.Errorf("%s the longest run is %.0f s, want %.0f", when, got.Longest, want)
		}
	}
	at := func(minutes int) func() time.Time {
		return func() time.Time { return now.Add(time.Duration(minutes) * time.Minute) }
	}
	ran(now, now.Add(10*time.Minute))
	f.apply(t, Options{Now: at(11)})
	counted("after the migration", 0)
	ran(now.Add(12*time.Minute), now.Add(32*time.Minute))
	counted("while it runs", 1200)
	r, err := PlanRollback(f.state, f.file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Apply(t.Context(), RollbackOptions{StateDir: f.state, Now: at(33)}); err != nil {
		t.Fatal(err)
	}
	counted("after the way back", 0)
	f.apply(t, Options{Now: at(40)})
	counted("after the second migration", 0)
}
