package migrate

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"rosey/bus/room"
	"rosey/config"
)

// Soak is the hour without issues, and what was counted in it. It is kept in
// the state folder, so it outlives whoever looks.
type Soak struct {
	Began      time.Time `json:"began,omitzero"`     // when counting began
	Started    time.Time `json:"started,omitzero"`   // of the present run without issues
	Seen       time.Time `json:"seen,omitzero"`      // when somebody last looked
	Longest    float64   `json:"longest_seconds"`    // longest run without issues
	Reconnects int       `json:"reconnects"`         // the bot's link to CyTube was lost
	Restarts   int       `json:"restarts"`           // bot or database service came back as another process
	Drops      uint64    `json:"drops"`              // events or writes that were lost
	Errors     int       `json:"errors"`             // the database had one, or a service went silent
	MaxBehind  uint64    `json:"max_behind"`         // most writes that waited for the database
	Last       string    `json:"last,omitempty"`     // the last issue, for people
	LastAt     time.Time `json:"last_at,omitzero"`   //
	Bot        string    `json:"bot,omitempty"`      // instance that was seen last
	Database   string    `json:"database,omitempty"` // likewise
	Dropped    uint64    `json:"dropped"`            // the bot's counter when it was seen last
	Lost       uint64    `json:"lost"`               // the database's counters, likewise
}

// soakTimer runs the timer. What went on while nobody looked is judged by the
// services' own counters, their instances, and the room's history.
type soakTimer struct {
	Soak
	saved   time.Time
	blind   bool      // nobody could look until now
	away    time.Time // when that began, the last time
	sick    time.Time // since when something is wrong
	lagging time.Time // since when writes wait
}

// sight is one look at the running system.
type sight struct {
	at       time.Time
	visible  bool   // NATS lets us look, and the room's history has been told
	wrong    string // what is wrong; empty when nothing is
	link     bool   // what is wrong is the bot's link to CyTube
	bot      string
	database string
	dropped  uint64
	lost     uint64
	behind   uint64
}

const (
	// grace is how long something may be wrong before it is an issue: a beat
	// that came late is none.
	grace = 3 * time.Second
	// lagAllowed is how long writes may wait for the database.
	lagAllowed = time.Minute
	soakFlush  = 5 * time.Second
)

// sight is what the verifier sees now.
func (v *verifier) sight(now time.Time) sight {
	s := sight{
		at: now, visible: v.up() && v.synced, bot: v.beat.Instance, database: v.health.Instance,
		dropped: v.beat.Dropped, lost: v.health.Lost + v.health.Bad, behind: v.health.Behind,
	}
	switch {
	case v.beatAt.IsZero():
		s.wrong = "the bot went silent"
	case v.beat.Link.State != room.LinkUp:
		s.wrong, s.link = "the bot's connection to CyTube was lost", true
	case v.healthAt.IsZero():
		s.wrong = "the database service went silent"
	case v.health.Error != "":
		s.wrong = "the database had an error: " + shorten(v.health.Error)
	}
	return s
}

// observe moves the timer by one look.
func (t *soakTimer) observe(s sight) {
	if !s.visible {
		t.look()
		return
	}
	t.blind = false
	if s.wrong != "" {
		t.wrong(s)
		return
	}
	t.sick = time.Time{}
	t.compare(s)
	t.lag(s)
	t.Bot, t.Database, t.Dropped, t.Lost = s.bot, s.database, s.dropped, s.lost
	t.Seen = s.at
	if t.Started.IsZero() {
		t.Started = s.at
	}
	if t.Began.IsZero() {
		t.Began = s.at
	}
	t.Longest = max(t.Longest, s.at.Sub(t.Started).Seconds())
}

// look notes since when nobody could look. The room's history is told after
// that, and before the next observation.
func (t *soakTimer) look() {
	if !t.blind {
		t.blind, t.away = true, t.Seen
	}
}

// wrong ends a run once something has been wrong for longer than a beat.
func (t *soakTimer) wrong(s sight) {
	if t.sick.IsZero() {
		t.sick = s.at
	}
	if t.Started.IsZero() || s.at.Sub(t.sick) < grace {
		return
	}
	if s.link {
		t.Reconnects++
	} else {
		t.Errors++
	}
	t.issue(s.at, s.wrong)
}

// compare holds the services against what they were when they were last seen.
func (t *soakTimer) compare(s sight) {
	if t.Bot != "" && (t.Bot != s.bot || t.Database != s.database) {
		t.Restarts++
		t.issue(s.at, "a service was restarted")
		t.Dropped, t.Lost = 0, 0 // the new one's counters begin anew
	}
	if s.dropped > t.Dropped || s.lost > t.Lost {
		if t.Bot != "" {
			t.Drops += s.dropped - min(t.Dropped, s.dropped) + s.lost - min(t.Lost, s.lost)
			t.issue(s.at, "events or writes were lost")
		}
	}
}

func (t *soakTimer) lag(s sight) {
	t.MaxBehind = max(t.MaxBehind, s.behind)
	if s.behind == 0 {
		t.lagging = time.Time{}
		return
	}
	if t.lagging.IsZero() {
		t.lagging = s.at
	}
	if s.at.Sub(t.lagging) > lagAllowed {
		t.lagging = s.at
		t.Errors++
		t.issue(s.at, fmt.Sprintf("%d writes waited for the database", s.behind))
	}
}

// connection is told of the room's history: a loss while nobody looked.
func (t *soakTimer) connection(at time.Time, state room.LinkState) {
	if !t.blind || state == room.LinkUp || t.Started.IsZero() || !at.After(t.away) {
		return // seen by observe, or nobody's run
	}
	t.Reconnects++
	t.issue(at, "the bot's connection to CyTube was lost while nobody looked")
}

func (t *soakTimer) issue(at time.Time, what string) {
	t.Started, t.Last, t.LastAt = time.Time{}, what, at
}

// Counted is what was counted, for people.
func (s Soak) Counted() string {
	counted := fmt.Sprintf("%d reconnects, %d restarts, %d lost, %d errors, at most %d writes behind", s.Reconnects, s.Restarts, s.Drops, s.Errors, s.MaxBehind)
	if !s.LastAt.IsZero() {
		counted += fmt.Sprintf("; last issue %s: %s", s.LastAt.Local().Format(time.DateTime), s.Last)
	}
	return counted
}

func (v *verifier) checkSoak() Item {
	title := "It runs for " + plainDuration(v.opts.Soak) + " without issues"
	t := v.soak
	counted := t.Counted()
	if t.Longest >= v.opts.Soak.Seconds() {
		return item(ItemSoak, title, Passed, "so it did; "+counted, "")
	}
	if t.Started.IsZero() {
		return item(ItemSoak, title, Pending, "it begins when bot, CyTube and database are well; "+counted, "see above").waiting(waitsForTime)
	}
	left := v.opts.Soak - t.Seen.Sub(t.Started)
	return item(ItemSoak, title, Pending,
		fmt.Sprintf("since %s, %s left; %s", t.Started.Local().Format(time.TimeOnly), coarse(left), counted),
		"let it run; you may leave and look again later").waiting(waitsForTime)
}

// coarse rounds what is left, so that the list does not change every second.
func coarse(d time.Duration) string {
	if d > 2*time.Minute {
		return plainDuration(d.Round(time.Minute))
	}
	if d > 30*time.Second {
		return plainDuration(d.Round(10 * time.Second))
	}
	return plainDuration(max(d.Round(time.Second), 0))
}

func plainDuration(d time.Duration) string {
	switch {
	case d >= time.Hour && d%time.Hour == 0:
		return fmt.Sprintf("%d h", d/time.Hour)
	case d >= time.Minute && d%time.Minute == 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d >= time.Second && d%time.Second == 0:
		return fmt.Sprintf("%d s", d/time.Second)
	}
	return d.String()
}

func soakPath(opts VerifyOptions) (string, error) {
	dir, err := stateOf(opts.StateDir)
	if err != nil {
		return "", err
	}
	file := ""
	if opts.ConfigFile != "" {
		if file, err = absolute(opts.ConfigFile); err != nil {
			return "", err
		}
	}
	return filepath.Join(dir, "checks", HashOf([]byte(file + "\x00" + opts.Room))[:32]+".json"), nil
}

// loadSoak goes on where another left. A file that cannot be read is a timer
// that begins anew: it only ever costs time. So is one from before the config
// was migrated or brought back: what ran then was something else.
func loadSoak(opts VerifyOptions) soakTimer {
	t := soakTimer{}
	path, err := soakPath(opts)
	if err != nil {
		return t
	}
	data, err := config.ReadFile(path)
	if err != nil || json.Unmarshal(data, &t.Soak) != nil {
		t.Soak = Soak{}
	}
	if began := cmp.Or(t.Began, t.Started, t.Seen); opts.ConfigFile != "" && !began.IsZero() {
		r, err := FindRecord(opts.StateDir, opts.ConfigFile)
		if err == nil && (began.Before(r.At) || began.Before(r.RolledBack)) {
			t.Soak = Soak{}
		}
	}
	t.blind, t.away = true, t.Seen
	return t
}

// save writes the timer down every few seconds, and at the end. Where it
// cannot, the timer runs on and is forgotten with this process.
func (t *soakTimer) save(opts VerifyOptions, now bool) {
	if t.Seen.IsZero() || !now && time.Since(t.saved) < soakFlush {
		return
	}
	t.saved = time.Now()
	path, err := soakPath(opts)
	if err != nil {
		return
	}
	if data, err := json.MarshalIndent(t.Soak, "", "  "); err == nil {
		_ = saveState(path, data) // see above
	}
}
