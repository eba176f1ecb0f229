package bot

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"rosey/bot/cytube/cytubetest"
	"rosey/bus"
	"rosey/bus/room"
)

// A ledgerDB keeps sanctions and notes as the database service does: it takes
// the writes and answers the queries.
type ledgerDB struct {
	mu        sync.Mutex
	sanctions []bus.SanctionWrite
	notes     []bus.NoteWrite
}

func (w *world) keepLedger() *ledgerDB {
	w.tb.Helper()
	db, c := &ledgerDB{}, w.connect(bus.RoleDB)
	listen := func(subject string, fn func([]byte) error) {
		_, err := c.NC.Subscribe(subject, func(m *nats.Msg) {
			db.mu.Lock()
			defer db.mu.Unlock()
			if err := fn(m.Data); err != nil {
				w.tb.Error(err)
			}
		})
		if err != nil {
			w.tb.Fatal(err)
		}
	}
	drop := func(room_, name string, kind bus.SanctionKind) {
		db.sanctions = slices.DeleteFunc(db.sanctions, func(s bus.SanctionWrite) bool {
			return s.Room == room_ && room.Fold(s.Username) == room.Fold(name) && s.Kind == kind
		})
	}
	listen(bus.SubjectSanctionSet, func(data []byte) error {
		var s bus.SanctionWrite
		err := json.Unmarshal(data, &s)
		drop(s.Room, s.Username, s.Kind)
		db.sanctions = append(db.sanctions, s)
		return err
	})
	listen(bus.SubjectSanctionEnd, func(data []byte) error {
		var s bus.SanctionEnd
		err := json.Unmarshal(data, &s)
		drop(s.Room, s.Username, s.Kind)
		return err
	})
	listen(bus.SubjectNoteSet, func(data []byte) error {
		var n bus.NoteWrite
		err := json.Unmarshal(data, &n)
		db.notes = append([]bus.NoteWrite{n}, db.notes...)
		return err
	})
	respond(w.tb, c, bus.SubjectSanctions, func(bus.SanctionsQuery) bus.SanctionsReply { return bus.SanctionsReply{Sanctions: db.standing()} })
	respond(w.tb, c, bus.SubjectNotes, func(q bus.NotesQuery) bus.NotesReply {
		db.mu.Lock()
		defer db.mu.Unlock()
		var r bus.NotesReply
		for _, n := range db.notes {
			if room.Fold(n.Username) == room.Fold(q.Username) {
				r.Notes = append(r.Notes, n)
			}
		}
		return r
	})
	return db
}

func (db *ledgerDB) standing() []bus.SanctionWrite {
	db.mu.Lock()
	defer db.mu.Unlock()
	return slices.Clone(db.sanctions)
}

// muted tells whether a person is muted for those in the room.
func (s *witness) muted(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, _ := s.state.User(name)
	return u.Meta.Muted
}

func TestTimedMute(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	db := f.keepLedger()
	f.want("mute alice 1h caps", bus.StatusDone, "Muted Alice for 1h: caps")
	f.want("timed", bus.StatusDone, "Timed (1):\n  mute Alice by carol, ends in ")
	eventually(t, "it is written down", func() bool { return len(db.standing()) == 1 })
	if s := db.standing()[0]; s.Username != "Alice" || s.Kind != bus.SanctionMute || s.By != "carol" || s.Reason != "caps" || s.Room != "main" {
		t.Errorf("%+v", s)
	}
	if r := f.want("unmute alice", bus.StatusDone, "Unmuted Alice"); !takesBackFor(r.Undo, "mute Alice ", " caps") {
		t.Errorf("brings it back with %q", r.Undo)
	}
	f.want("mute alice 1s caps", bus.StatusDone, "Muted Alice for 1s: caps")
	a := f.action(func(a *room.Action) bool {
		return a.Source == room.SourceBot && a.Verb == "unmute" && a.Target == "Alice" && a.Status == "done"
	})
	if a.Undo != "" {
		t.Errorf("a mute that has ended is brought back with %q", a.Undo)
	}
	eventually(t, "the end is written down", func() bool { return len(db.standing()) == 0 })
	eventually(t, "nothing is listed", func() bool { return strings.HasPrefix(f.typed("timed").Text, "Timed (0):") })

	// One that somebody else takes back is over, and so is one made lasting.
	f.want("mute alice 1h", bus.StatusDone, "")
	f.people["Mod"].Say("/unmute Alice")
	eventually(t, "the moderator's unmute counts", func() bool { return len(db.standing()) == 0 })
	f.want("mute alice 1h", bus.StatusDone, "")
	f.want("mute alice for good", bus.StatusDone, "Muted Alice: for good")
	eventually(t, "it has no end any more", func() bool { return len(db.standing()) == 0 })
}

// takesBackFor tells whether a command has just under an hour between these.
func takesBackFor(undo, before, after string) bool {
	length, ok := strings.CutSuffix(strings.TrimPrefix(undo, before), after)
	d, isLength := readDuration(length)
	return ok && isLength && strings.HasPrefix(undo, before) && d > 50*time.Minute && d <= time.Hour
}

// What is lifted can be brought back as it was, or not at all.
func TestWhatIsLiftedComesBackAsItWas(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	f.keepLedger()
	for _, c := range []struct{ do, lift, back string }{
		{"ban carl raids again", "unban carl", "ban carl raids again"},
		{"ban carl", "unban carl", "ban carl"},
		{"mute alice", "unmute Alice", "mute Alice"},
		{"smute alice", "unmute Alice", "smute Alice"},
		{"ipban alice range evil", "unban alice", ""}, // which addresses cannot be told
	} {
		f.want(c.do, bus.StatusDone, "")
		if r := f.want(c.lift, bus.StatusDone, ""); r.Undo != c.back {
			t.Errorf("%s is brought back with %q, want %q", c.do, r.Undo, c.back)
		}
	}
	f.want("ban carl 1h 10m is enough", bus.StatusDone, "")
	if r := f.want("unban carl", bus.StatusDone, ""); !takesBackFor(r.Undo, "ban carl ", " 10m is enough") {
		t.Errorf("brings it back with %q", r.Undo)
	}
	board := newSwitchboard(nil, nil)
	if again := board.again("ban", bus.SanctionBan, "carl", "10m is enough"); again != "" {
		t.Errorf("a reason that begins with a time is brought back with %q", again)
	}
}

func TestTimedBan(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	db := f.keepLedger()
	f.want("ban bob_x 1s raids", bus.StatusDone, "Banned Bob_x for 1s: raids")
	f.action(func(a *room.Action) bool {
		return a.Source == room.SourceBot && a.Verb == "unban" && a.Status == "done"
	})
	if got := f.channel.Bans(); len(got) > 0 {
		t.Errorf("bans %q", got)
	}
	eventually(t, "the end is written down", func() bool { return len(db.standing()) == 0 })
}

// What ran out while no bot was there is lifted when one comes.
func TestTimedMuteOutlivesTheBot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	db := w.keepLedger()
	w.channel.Puppet("Alice", 1)
	w.channel.Puppet("Bob", 1)
	mod := w.channel.Puppet("Mod", 2)
	mod.Say("/mute Alice")
	mod.Say("/mute Bob")
	db.mu.Lock()
	db.sanctions = []bus.SanctionWrite{
		{Room: "main", Username: "Alice", Kind: bus.SanctionMute, Until: time.Now().Add(-time.Hour).UnixMilli(), By: "carol"},
		{Room: "main", Username: "Bob", Kind: bus.SanctionMute, Until: time.Now().Add(time.Hour).UnixMilli(), By: "carol"},
		{Room: "main", Username: "Gone", Kind: bus.SanctionBan, Until: time.Now().Add(-time.Hour).UnixMilli(), By: "carol"},
	}
	db.mu.Unlock()
	w.bot("one")
	s := w.watch("main")
	s.until(room.LinkUp)
	eventually(t, "what is over is lifted", func() bool { return len(db.standing()) == 1 && !s.muted("Alice") })
	if !s.muted("Bob") {
		t.Error("Bob was unmuted before his time")
	}
}

// What ended here is remembered as long as an answer of the database may not
// know of it yet.
func TestKeeperForgetsWhatTheDatabaseKnows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	db := w.keepLedger()
	const until = 1_763_600_000_000
	db.mu.Lock()
	db.sanctions = []bus.SanctionWrite{
		{Room: "main", Username: "Late", Kind: bus.SanctionMute, Until: until},
		{Room: "main", Username: "Again", Kind: bus.SanctionMute, Until: until + 1},
	}
	db.mu.Unlock()
	k := newKeeper(&switchboard{conn: w.connect(bus.RoleBot), desk: &desk{room: "main"}})
	for _, name := range []string{"Late", "Again", "Gone"} {
		k.ended[keyOf(name, bus.SanctionMute)] = until
	}
	if !k.learn(testContext(t)) {
		t.Fatal("the database did not answer")
	}
	if _, ended := k.ended[keyOf("Late", bus.SanctionMute)]; !ended || len(k.ended) != 1 {
		t.Errorf("remembered as ended: %v", k.ended)
	}
	if list := k.list(); len(list) != 1 || list[0].Username != "Again" {
		t.Errorf("standing: %+v", list)
	}
}

func TestNotesAndHandover(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := &floor{world: w, people: map[string]*cytubetest.Puppet{"Alice": w.channel.Puppet("Alice", 1)}}
	db := w.keepLedger()
	db.notes = []bus.NoteWrite{{Room: "main", Text: "watch bob", By: "dave", Time: 1_700_000_000}}
	w.bot("one")
	f.op, f.witness = w.connect(bus.RoleOperator), w.watch("main")
	f.witness.until(room.LinkUp)
	eventually(t, "the handover of before is known", func() bool { return strings.Contains(f.typed("handover").Text, "by dave") })
	f.want("handover Bob was warned twice", bus.StatusDone, "Handover left for the next shift")
	eventually(t, "everyone sees the handover", func() bool {
		f.witness.mu.Lock()
		defer f.witness.mu.Unlock()
		return f.witness.state.Handover.Text == "Bob was warned twice" && f.witness.state.Handover.By == "carol"
	})
	f.want("handover clear", bus.StatusDone, "Handover removed")
	eventually(t, "the handover is gone", func() bool { return f.typed("handover").Text == "There is no handover" })
	f.want("note ALICE posts links", bus.StatusDone, "Noted on Alice")
	eventually(t, "the note is there", func() bool { return strings.Contains(f.typed("notes alice").Text, "carol: posts links") })
	f.want("note bad!name x", bus.StatusRefused, "is not a user name")
}

// A reason may begin with what is a length of time elsewhere but no sanction's.
func TestLengthOfASanction(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]time.Duration{
		"90s": 90 * time.Second, "1h30m": 90 * time.Minute, "1.5h": 90 * time.Minute, "2D": 48 * time.Hour, "1w": 7 * 24 * time.Hour,
		"0s": 0, "500ms": 0, "11y": 0, "3651d": 0, "10": 0, "-1h": 0,
	} {
		if got, ok := readDuration(word); ok != (want > 0) || ok && got != want {
			t.Errorf("%s: %v, %v, want %v", word, got, ok, want)
		}
	}
}
