package bus

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"rosey/bus/room"
)

// storageBuffer holds what arrives while nobody reads. When it is full the
// client library drops: the next second says it anew.
const storageBuffer = 1024

// WatchStorage follows what is written and what is stored: the health of the
// database service, that it went silent, and what the bots of all rooms say
// that they published, whether or not those rooms are watched. There is one
// database service for all rooms, so a program needs this once. The channel
// must be read and is closed when ctx has ended.
func WatchStorage(ctx context.Context, conn *Conn) <-chan Update {
	w := &storageWatcher{
		conn:    conn,
		updates: make(chan Update, 16),
		msgs:    make(chan *nats.Msg, storageBuffer),
	}
	go w.run(ctx)
	return w.updates
}

type storageWatcher struct {
	conn    *Conn
	updates chan Update
	msgs    chan *nats.Msg
	beat    time.Time // when the database service was heard last
	lost    bool
}

func (w *storageWatcher) run(ctx context.Context) {
	defer close(w.updates)
	for _, subject := range []string{SubjectDBHealth, patternHeartbeats} {
		sub, err := w.conn.NC.ChanSubscribe(subject, w.msgs)
		if err != nil {
			w.send(ctx, Update{Kind: UpdateDBLost, Text: fmt.Sprintf("the database service cannot be heard: subscribe to %s: %v", subject, err)})
			return
		}
		defer func() { _ = sub.Unsubscribe() }() // the connection may be closed already: nothing is left to undo
	}
	w.beat = time.Now()
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-w.msgs:
			w.receive(ctx, m)
		case <-tick.C:
			if !w.lost && time.Since(w.beat) > beatTimeout {
				w.lost = true
				w.send(ctx, Update{Kind: UpdateDBLost, Text: "the database service is not there"})
			}
		}
	}
}

func (w *storageWatcher) send(ctx context.Context, u Update) {
	select {
	case w.updates <- u:
	case <-ctx.Done():
	}
}

func (w *storageWatcher) receive(ctx context.Context, m *nats.Msg) {
	if m.Subject != SubjectDBHealth {
		// What is wrong with it, the room's Watcher counts.
		if h, _, ok := readHeartbeat(m); ok && h.Published != nil {
			w.send(ctx, Update{Kind: UpdatePublished, Heartbeat: h})
		}
		return
	}
	var h DBHealth
	if json.Unmarshal(m.Data, &h) != nil {
		w.conn.countBad(m.Subject)
		return
	}
	room.CleanAll(&h)
	now := time.Now()
	if mended := mendHealth(&h, now.UnixMilli()); mended > 0 {
		w.conn.countAbsurd(m.Subject)
	}
	w.beat, w.lost = now, false
	w.send(ctx, Update{Kind: UpdateDB, Health: h})
}

// mendHealth puts right the times that cannot be.
func mendHealth(h *DBHealth, now int64) (mended int) {
	if !room.Plausible(h.Time, now) {
		h.Time = now
		mended++
	}
	if h.Since != 0 && !room.Plausible(h.Since, now) {
		h.Since = 0
		mended++
	}
	return mended
}

// readHeartbeat reads a heartbeat: of the room whose subject it came on, with
// a number that can be. What is not so is no heartbeat; mended is how much of it
// was put right.
func readHeartbeat(m *nats.Msg) (h Heartbeat, mended int, ok bool) {
	if json.Unmarshal(m.Data, &h) != nil || HeartbeatSubject(h.Room) != m.Subject || h.Seq > MaxSeq {
		return Heartbeat{}, 0, false
	}
	room.CleanAll(&h)
	now := time.Now().UnixMilli()
	mended = room.MendConnection(&h.Link, now)
	if !room.Plausible(h.Time, now) {
		h.Time = now
		mended++
	}
	if h.RTT < 0 || h.Pending < 0 {
		h.RTT, h.Pending = max(0, h.RTT), max(0, h.Pending)
		mended++
	}
	return h, mended, true
}
