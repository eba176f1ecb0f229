package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"rosey/bus"
	"rosey/bus/room"
)

const (
	// claimWindow is how long a claim waits for an objection. Whoever holds
	// the room, or claims it too, objects at once.
	claimWindow = 300 * time.Millisecond
	// silentFor is after how long without heartbeats a standing-by instance
	// takes the room over; up to a quarter of it is added by chance.
	silentFor = 4 * time.Second
	// reclaimEvery is how often an instance asks again that stands by for one
	// whose heartbeats it cannot hear, because that one names the room
	// otherwise.
	reclaimEvery = 5 * time.Second

	beatQueue = 64
)

// A claim decides which one of several bot instances is in a room, so that no
// account is ever logged in twice: CyTube would throw out the older session,
// and the two would fight for ever (PROTOCOL.md §3).
//
// All instances hear each other's heartbeats. One whose link is in any state
// but standby holds the room. To take it, an instance says a heartbeat that
// claims, and waits a moment; the holder objects by a heartbeat of its own, and
// of two that claim at the same time the one with the lower name objects. Both
// listened before they claimed, so at least one hears the other, and exactly
// one goes on. Should two hold a room all the same, because NATS was divided,
// the one in the better state stays and, between equals, the lower name.
//
// A holder that leaves in good order says one last heartbeat in standby; one
// that dies is silent. Either way somebody who stands by claims. Silence only
// counts while one's own link to NATS is up.
type claim struct {
	conn     *bus.Conn
	room     string
	instance string
	log      *slog.Logger
	silent   time.Duration // silentFor; tests make it shorter
	seat     bus.RoomInfo  // what must not be held by two
	beats    chan bus.Heartbeat
	heard    atomic.Uint64 // highest event number that another instance said
}

func newClaim(conn *bus.Conn, info bus.RoomInfo, log *slog.Logger) *claim {
	return &claim{
		conn: conn, room: info.Room, instance: info.Instance, seat: info, log: log, silent: silentFor,
		beats: make(chan bus.Heartbeat, beatQueue),
	}
}

// listen hears the other instances until the subscription ends. When nobody
// takes the beats the oldest go: only the present counts.
func (c *claim) listen() (*nats.Subscription, error) {
	sub, err := c.conn.NC.Subscribe(bus.HeartbeatSubject(c.room), func(m *nats.Msg) {
		var h bus.Heartbeat
		if json.Unmarshal(m.Data, &h) != nil || h.Instance == c.instance || h.Instance == "" {
			return
		}
		if h.Seq <= lastBelieved {
			c.heard.Store(max(c.heard.Load(), h.Seq)) // callbacks come one after another
		}
		for {
			select {
			case c.beats <- h:
				return
			default:
			}
			select {
			case <-c.beats:
			default:
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("listen to heartbeats: %w", err)
	}
	return sub, nil
}

// take returns when the room is ours, or with ctx's end.
func (c *claim) take(ctx context.Context) error {
	said := ""
	for {
		if err := c.linkUp(ctx); err != nil {
			return err
		}
		rival, hears, err := c.contest(ctx)
		if err != nil || rival == "" {
			return err
		}
		reason := fmt.Sprintf("another instance, %s, is in the room; this one stands by", room.Clean(rival))
		if reason != said {
			said = reason
			c.log.Warn("not joining", "reason", reason)
		}
		if err := c.standBy(ctx, rival, hears, reason); err != nil {
			return err
		}
	}
}

// linkUp waits for our own link to NATS: without it nobody can be asked.
func (c *claim) linkUp(ctx context.Context) error {
	links, stop := c.conn.Links()
	defer stop()
	for c.conn.Link().State != room.LinkUp {
		select {
		case <-links:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// contest claims the room and gives the name of who objects, if anybody does.
// hears tells whether that one says heartbeats for our room.
func (c *claim) contest(ctx context.Context) (rival string, hears bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	var asking sync.WaitGroup
	defer asking.Wait()
	defer cancel()
	var elsewhere string
	asking.Go(func() { elsewhere = c.heldElsewhere(ctx) })

	c.say(true, "claiming the room")
	window := time.NewTimer(claimWindow)
	defer window.Stop()
	for {
		select {
		case h := <-c.beats:
			switch {
			case holds(h), h.Claim && h.Instance < c.instance:
				return h.Instance, true, nil
			case h.Claim:
				c.say(true, "claiming the room")
			}
		case <-window.C:
			asking.Wait()
			return elsewhere, false, ctx.Err()
		case <-ctx.Done():
			return "", false, ctx.Err()
		}
	}
}

// heldElsewhere asks all bots for their rooms and names the one that has our
// account in our channel, or a room of our name.
func (c *claim) heldElsewhere(ctx context.Context) string {
	rooms, err := bus.Rooms(ctx, c.conn)
	if err != nil {
		return "" // heartbeats decide alone
	}
	for _, r := range rooms {
		sameSeat := c.seat.Bot != "" && seatOf(r.Domain, r.Channel, r.Bot) == seatOf(c.seat.Domain, c.seat.Channel, c.seat.Bot)
		if r.Instance != c.instance && (r.Room == c.room || sameSeat) {
			return r.Instance
		}
	}
	return ""
}

// standBy returns when it is time to claim again.
func (c *claim) standBy(ctx context.Context, rival string, hears bool, reason string) error {
	links, stop := c.conn.Links()
	defer stop()
	silence := func() time.Duration { return c.silent + rand.N(c.silent/4) }
	if !hears {
		silence = func() time.Duration { return reclaimEvery }
	}
	quiet := time.NewTimer(silence())
	defer quiet.Stop()
	beat := time.NewTicker(heartbeatEvery)
	defer beat.Stop()
	for {
		select {
		case h := <-c.beats:
			switch {
			case holds(h):
				rival, hears = h.Instance, true
				quiet.Reset(silence())
			case h.Instance == rival && !h.Claim:
				return nil // it has left
			}
		case <-links:
			quiet.Reset(silence() + c.silent) // it must come back too
		case <-beat.C:
			c.say(false, reason)
		case <-quiet.C:
			if c.conn.Link().State == room.LinkUp {
				return nil
			}
			quiet.Reset(silence())
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// guard watches while the room is ours. It objects to claims by calling
// object, and returns the name of an instance to which the room must be given
// up, or "" at ctx's end.
func (c *claim) guard(ctx context.Context, state func() room.LinkState, object func()) string {
	for {
		select {
		case h := <-c.beats:
			switch {
			case h.Claim:
				object()
			case holds(h) && stronger(h.Link.State, h.Instance, state(), c.instance):
				return h.Instance
			}
		case <-ctx.Done():
			return ""
		}
	}
}

// say says a heartbeat in standby.
func (c *claim) say(claims bool, reason string) {
	if c.conn.Link().State != room.LinkUp {
		return
	}
	say(c.conn, bus.Heartbeat{
		Room: c.room, Instance: c.instance, Claim: claims,
		Link: room.Connection{State: room.LinkStandby, Reason: reason, Since: time.Now().UnixMilli()},
	}, c.log)
}

// holds tells whether who says h is in the room, or on its way there.
func holds(h bus.Heartbeat) bool { return h.Link.State != room.LinkStandby }

// stronger tells whether, of two instances that both hold a room, a keeps it.
func stronger(aState room.LinkState, a string, bState room.LinkState, b string) bool {
	rank := map[room.LinkState]int{room.LinkUp: 2, room.LinkConnecting: 1, room.LinkDown: 1}
	if x, y := rank[aState], rank[bState]; x != y {
		return x > y
	}
	return a < b
}
