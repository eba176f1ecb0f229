package bot

import (
	"context"
	"testing"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// testSilence is longer than the claims' window and many test heartbeats, of
// which a busy machine may delay several.
const testSilence = 2 * time.Second

// contender is a claim with its subscription.
func contender(tb testing.TB, b *testBus, instance string) *claim {
	tb.Helper()
	c := newClaim(b.connect(bus.RoleBot), bus.RoomInfo{Room: "main", Instance: instance, Domain: "https://cytu.be", Channel: "movienight", Bot: "Rosey"}, quiet())
	c.silent = testSilence
	sub, err := c.listen()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = sub.Unsubscribe() })
	if err := c.conn.NC.Flush(); err != nil {
		tb.Fatal(err)
	}
	return c
}

// holdRoom says heartbeats as a holder does, and objects to claims, until stop.
// Somebody else says a number that nobody must go on from.
func holdRoom(c *claim) (stop func()) {
	beat := func() {
		say(c.conn, bus.Heartbeat{Room: "main", Instance: c.instance, Link: room.Connection{State: room.LinkUp}, Seq: 41}, quiet())
		say(c.conn, bus.Heartbeat{Room: "main", Instance: c.instance, Link: room.Connection{State: room.LinkUp}, Seq: bus.MaxSeq}, quiet())
	}
	guard := start(context.Background(), func(ctx context.Context) {
		c.guard(ctx, func() room.LinkState { return room.LinkUp }, beat)
	})
	beats := start(context.Background(), func(ctx context.Context) {
		for sleep(ctx, 200*time.Millisecond) {
			beat()
		}
	})
	return func() { guard.stop(); beats.stop() }
}

func TestClaimTogether(t *testing.T) {
	t.Parallel()
	b := startBus(t)
	ctx, cancel := context.WithCancel(testContext(t))
	defer cancel()
	won := make(chan string, 3)
	claims := map[string]*claim{}
	for _, name := range []string{"c", "a", "b"} {
		claims[name] = contender(t, b, name)
	}
	for name, c := range claims {
		p := start(context.Background(), func(context.Context) {
			if c.take(ctx) == nil {
				won <- name
				holdRoom(c)
			}
		})
		t.Cleanup(p.stop)
	}
	if got := <-won; got != "a" {
		t.Errorf("%s won, want a", got)
	}
	select {
	case second := <-won:
		t.Errorf("%s went in as well", second)
	case <-time.After(4 * claimWindow):
	}
	cancel()
}

func TestTakeOver(t *testing.T) {
	for _, tt := range []struct {
		name   string
		leave  func(c *claim)
		silent time.Duration // after which the other is taken for dead
	}{
		{"in good order", func(c *claim) { c.say(false, "the room is free") }, time.Hour},
		{"by dying", func(*claim) {}, testSilence},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := startBus(t)
			ctx := testContext(t)
			first, second := contender(t, b, "z"), contender(t, b, "a")
			second.silent = tt.silent
			if err := first.take(ctx); err != nil {
				t.Fatal(err)
			}
			stop := holdRoom(first)
			took := make(chan error, 1)
			p := start(ctx, func(context.Context) { took <- second.take(ctx) })
			defer p.stop()
			select {
			case <-took:
				t.Fatal("a second instance went in, although its name is lower")
			case <-time.After(3 * claimWindow):
			}
			stop()
			tt.leave(first)
			if err := <-took; err != nil {
				t.Fatal(err)
			}
			if got := second.heard.Load(); got != 41 {
				t.Errorf("the newcomer heard number %d", got)
			}
		})
	}
}

// While NATS is away nobody hears anybody, and nobody may conclude from it that
// the room is free.
func TestNoTakeOverWithoutNATS(t *testing.T) {
	t.Parallel()
	b := startBus(t)
	ctx, cancel := context.WithCancel(testContext(t))
	defer cancel()
	holder, other := contender(t, b, "z"), contender(t, b, "a")
	if err := holder.take(ctx); err != nil {
		t.Fatal(err)
	}
	defer holdRoom(holder)()
	took := make(chan error, 1)
	p := start(ctx, func(context.Context) { took <- other.take(ctx) })
	defer p.stop()
	time.Sleep(2 * claimWindow)
	b.stop()
	select {
	case <-took:
		t.Fatal("took over while NATS was away")
	case <-time.After(2 * testSilence):
	}
	b.start()
	eventually(t, "both are back", func() bool {
		return holder.conn.Link().State == room.LinkUp && other.conn.Link().State == room.LinkUp
	})
	select {
	case <-took:
		t.Fatal("took over although the holder came back")
	case <-time.After(2 * testSilence):
	}
	cancel()
}

// One account in one channel is one seat, whatever the rooms are called.
func TestHeldUnderAnotherName(t *testing.T) {
	t.Parallel()
	b := startBus(t)
	conn := b.connect(bus.RoleBot)
	other := bus.RoomInfo{Room: "other name", Instance: "other", Domain: "cytu.be/", Channel: "MovieNight", Bot: "rosey"}
	if _, err := bus.Respond(conn, bus.SubjectRooms, func(context.Context, struct{}) bus.RoomsReply {
		return bus.RoomsReply{Rooms: []bus.RoomInfo{other}}
	}); err != nil {
		t.Fatal(err)
	}
	if err := conn.NC.Flush(); err != nil {
		t.Fatal(err)
	}
	c := contender(t, b, "mine")
	if rival, hears, err := c.contest(testContext(t)); rival != "other" || hears || err != nil {
		t.Errorf("rival %q, hears %v, %v", rival, hears, err)
	}
	other.Channel = "elsewhere"
	if rival, _, err := c.contest(testContext(t)); rival != "" || err != nil {
		t.Errorf("another channel: rival %q, %v", rival, err)
	}
}

func TestStronger(t *testing.T) {
	for _, tt := range []struct {
		aState room.LinkState
		a      string
		bState room.LinkState
		b      string
		want   bool
	}{
		{room.LinkUp, "b", room.LinkConnecting, "a", true},
		{room.LinkUp, "b", room.LinkStopped, "a", true},
		{room.LinkStopped, "a", room.LinkDown, "b", false},
		{room.LinkUp, "a", room.LinkUp, "b", true},
		{room.LinkDown, "b", room.LinkConnecting, "a", false},
	} {
		if got := stronger(tt.aState, tt.a, tt.bState, tt.b); got != tt.want {
			t.Errorf("%+v: %v", tt, got)
		}
		if got := stronger(tt.bState, tt.b, tt.aState, tt.a); got == tt.want {
			t.Errorf("%+v: both or neither", tt)
		}
	}
}
