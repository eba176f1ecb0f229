package bus

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"rosey/bus/room"
)

// forge says an event under a number of the test's choice, which the bot knows
// nothing of.
func (b *scriptedBot) forge(seq uint64, event, data string) {
	b.publish(EventSubject("den", event), Envelope{V: EnvelopeVersion, Seq: seq, Time: time.Now().UnixMilli(), Room: "den", Event: event, Data: json.RawMessage(data)})
}

func (b *scriptedBot) counts() (asked, paged int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.asked, b.paged
}

// TestWatchIsNotDrivenByForgedNumbers: events and heartbeats far ahead lead to a
// question a second at most, and hold up no line of the bot's own.
func TestWatchIsNotDrivenByForgedNumbers(t *testing.T) {
	b := newWatchBench(t)
	bot := newScriptedBot(t, b.bot)
	bot.keep("before")
	w := watchDen(t, b, 0)
	next(t, w, UpdateState)
	began := time.Now()
	for n := range 200 {
		bot.forge(uint64(1e12)+uint64(n), "message", `{"user":"eve","content":"forged"}`)
		bot.publish(HeartbeatSubject("den"), Heartbeat{Room: "den", Instance: "one", Seq: 1e15})
		text := fmt.Sprint("line ", n)
		bot.say(text)
		wantLine(t, next(t, w, UpdateEvent), text)
	}
	if asked, _ := bot.counts(); asked > 2+int(time.Since(began)/askLeast) {
		t.Errorf("asked for the state %d times in %s", asked, time.Since(began))
	}
}

// TestWatchRefusesNumbersThatCannotBe: they are counted, and lead to nothing.
func TestWatchRefusesNumbersThatCannotBe(t *testing.T) {
	b := newWatchBench(t)
	bot := newScriptedBot(t, b.bot)
	w := watchDen(t, b, 0)
	next(t, w, UpdateState)
	for _, seq := range []uint64{0, MaxSeq + 1, 1<<64 - 1} {
		bot.forge(seq, "message", `{"user":"eve","content":"forged"}`)
		bot.publish(HeartbeatSubject("den"), Heartbeat{Room: "den", Instance: "one", Seq: max(seq, MaxSeq+1)})
	}
	bot.publish(HeartbeatSubject("den"), Heartbeat{Room: "elsewhere", Instance: "one"})
	bot.say("still here")
	wantLine(t, next(t, w, UpdateEvent), "still here")
	if bad := b.viewer.Stats().Bad; bad != 7 {
		t.Errorf("%d were counted, want 7", bad)
	}
}

// TestWatchComesBackFromForgedEvents: forged events in order take it past the
// bot. It hears that the bot is behind, and the lines that it had passed over
// are handed over.
func TestWatchComesBackFromForgedEvents(t *testing.T) {
	b := newWatchBench(t)
	bot := newScriptedBot(t, b.bot)
	for range 3 {
		bot.keep("before")
	}
	w := watchDen(t, b, 0)
	next(t, w, UpdateState)
	bot.beat("one")
	next(t, w, UpdateHeartbeat)
	for seq := range uint64(100) {
		bot.forge(4+seq, "message", `{"user":"eve","content":"forged"}`)
		wantLine(t, next(t, w, UpdateEvent), "forged")
	}
	for _, text := range []string{"one", "two", "three"} {
		bot.say(text) // under numbers that were taken
	}
	for range behindBeats {
		bot.beat("one")
	}
	for _, text := range []string{"one", "two", "three"} {
		wantLine(t, next(t, w, UpdateEvent), text)
	}
	if u := next(t, w, UpdateState); u.Seq != 6 {
		t.Fatalf("it stands at %d, want the bot's 6", u.Seq)
	}
	bot.say("and on")
	wantLine(t, next(t, w, UpdateEvent), "and on")
}

// TestWatchComesBackToABotWithOlderState: a bot of the same name that begins
// with fewer events is believed, and what nobody knows is said.
func TestWatchComesBackToABotWithOlderState(t *testing.T) {
	b := newWatchBench(t)
	bot := newScriptedBot(t, b.bot)
	for range 9 {
		bot.keep("before")
	}
	w := watchDen(t, b, 0)
	next(t, w, UpdateState)
	bot.mu.Lock()
	bot.events, bot.seq = bot.events[:4], 4
	bot.mu.Unlock()
	for range behindBeats {
		bot.beat("one")
	}
	g, ok := next(t, w, UpdateEvent).Event.(*room.Gap)
	if !ok {
		t.Fatal("want a gap where the numbers begin anew")
	}
	if _, known := g.Count(); known {
		t.Errorf("%+v claims to know what was missed", g)
	}
	if u := next(t, w, UpdateState); u.Seq != 4 {
		t.Fatalf("it stands at %d, want the bot's 4", u.Seq)
	}
	bot.say("after")
	wantLine(t, next(t, w, UpdateEvent), "after")
}

// TestWatchAsksOnceForAHoleOfAnySize: a bot whose number is far ahead of what
// its history has costs no request for each step of it.
func TestWatchAsksOnceForAHoleOfAnySize(t *testing.T) {
	b := newWatchBench(t)
	bot := newScriptedBot(t, b.bot)
	bot.keep("before")
	w := watchDen(t, b, 0)
	next(t, w, UpdateState)
	_, before := bot.counts()
	bot.mu.Lock()
	bot.seq = MaxSeq - 10
	bot.mu.Unlock()
	bot.say("after")
	g, ok := next(t, w, UpdateEvent).Event.(*room.Gap)
	if !ok || g.From != 2 || g.To != MaxSeq-10 {
		t.Fatalf("%+v, want a gap from 2 to %d", g, MaxSeq-10)
	}
	wantLine(t, next(t, w, UpdateEvent), "after")
	if _, paged := bot.counts(); paged-before > 6 {
		t.Errorf("%d requests for the history", paged-before)
	}
}

// TestWatchMendsAndRefuses: what names nobody is refused, times that cannot be
// are put right; both are counted and nothing is missing.
func TestWatchMendsAndRefuses(t *testing.T) {
	b := newWatchBench(t)
	bot := newScriptedBot(t, b.bot)
	w := watchDen(t, b, 0)
	next(t, w, UpdateState)
	began := time.Now().UnixMilli()
	bot.forge(1, "user_join", `{"user":" ","user_data":{"username":""},"timestamp":1}`)
	bot.forge(2, "message", `{"user":"bob","content":"from the year 9999","time":253402300799000,"timestamp":253402300799}`)
	bot.publish(EventSubject("den", "drinks"), Envelope{V: EnvelopeVersion, Seq: 3, Time: -62135596800000, Room: "den", Event: "drinks", Data: json.RawMessage(`{"count":1}`)})
	bot.publish(HeartbeatSubject("den"), Heartbeat{Room: "den", Instance: "one", Seq: 3, Time: -1, RTT: -5, Pending: -1,
		Link: room.Connection{State: room.LinkDown, Since: 1, RetryAt: 1 << 60}})
	line := next(t, w, UpdateEvent)
	if m := line.Event.(*room.Message); line.Seq != 2 || m.Time != line.Time || m.Timestamp != m.Time/1000 || m.Time < began {
		t.Errorf("the line stands at %d under number %d, the envelope at %d", m.Time, line.Seq, line.Time)
	}
	if u := next(t, w, UpdateEvent); u.Time != line.Time {
		t.Errorf("an event of the year 1 stands at %d, want the time of the one before it", u.Time)
	}
	h := next(t, w, UpdateHeartbeat).Heartbeat
	if h.Time < began || h.Link.Since < began || h.Link.RetryAt != 0 || h.RTT != 0 || h.Pending != 0 {
		t.Errorf("the heartbeat is %+v", h)
	}
	if bad := b.viewer.Stats().Bad; bad != 4 {
		t.Errorf("%d were counted, want 4", bad)
	}
}

// TestWatchMendsTheState: it comes over the bus like all else.
func TestWatchMendsTheState(t *testing.T) {
	b := newWatchBench(t)
	state := room.New()
	state.Media = &room.MediaChange{Media: room.Media{Title: "x", Seconds: -1}, Time: -1}
	state.Handover = room.Handover{Text: "note", Time: 1 << 60}
	if _, err := Respond(b.bot, StateSubject("den"), func(context.Context, struct{}) StateReply {
		return StateReply{Room: "den", Time: -5, State: state}
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := Respond(b.bot, HistorySubject("den"), func(context.Context, HistoryRequest) HistoryReply { return HistoryReply{} }); err != nil {
		t.Fatal(err)
	}
	if err := b.bot.NC.Flush(); err != nil {
		t.Fatal(err)
	}
	began := time.Now().UnixMilli()
	u := next(t, watchDen(t, b, 0), UpdateState)
	if s := u.State; u.Time < began || s.Media.Time < began || s.Media.Media.Seconds != 0 || s.Handover.Time != 0 {
		t.Errorf("at %d: %+v, %+v", u.Time, *s.Media, s.Handover)
	}
	if b.viewer.Stats().Bad == 0 {
		t.Error("nothing was counted")
	}
}

// TestWatchStorage: the database is heard once, and every room's bot, watched
// or not. What a bot says under another room's name is not believed.
func TestWatchStorage(t *testing.T) {
	b := newWatchBench(t)
	updates := WatchStorage(t.Context(), b.viewer)
	if u := <-updates; u.Kind != UpdateDBLost { // it listens by now
		t.Fatalf("%+v, want that no database is there", u)
	}
	say := func(room, name, instance string, published map[string]uint64) {
		publishJSON(t, b.bot, HeartbeatSubject(room), Heartbeat{Room: name, Instance: instance, Published: published})
	}
	lines := map[string]uint64{SubjectMessageLog: 1}
	say("den", "den", "bot", lines)
	say("den", "attic", "forged", lines)
	say("python", "python", "counts nothing", nil)
	say("the cellar", "the cellar", "bot", lines)
	publishJSON(t, b.db, SubjectDBHealth, DBHealth{Instance: "db", Time: -1, Since: 1 << 60, Rows: 7})
	var rooms []string
	for u := range updates {
		if u.Kind == UpdateDB {
			if h := u.Health; h.Rows != 7 || h.Since != 0 || h.Time < 1 {
				t.Errorf("%+v", h)
			}
			break
		}
		if u.Heartbeat.Instance != "bot" {
			t.Errorf("heard %+v", u)
		}
		rooms = append(rooms, u.Heartbeat.Room)
	}
	if len(rooms) < 2 {
		rooms = append(rooms, (<-updates).Heartbeat.Room) // the two services speak on connections of their own
	}
	slices.Sort(rooms)
	if !slices.Equal(rooms, []string{"den", "the cellar"}) {
		t.Errorf("heard the bots of %q", rooms)
	}
	if bad := b.viewer.Stats().Bad; bad != 1 { // the forged heartbeat is its room's Watcher's to count
		t.Errorf("%d were counted, want the database's alone", bad)
	}
}
