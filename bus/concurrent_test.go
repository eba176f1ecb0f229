package bus_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"rosey/bus"
)

// slowDesk answers commands when it is told to. The returned channels give
// what was asked and let one answer go.
func slowDesk(tb testing.TB, c *bus.Conn, subject string, atOnce int) (begun <-chan string, release chan<- struct{}) {
	tb.Helper()
	asked, let := make(chan string, 16), make(chan struct{})
	_, err := bus.RespondConcurrent(c, subject, atOnce, func(ctx context.Context, cmd bus.Command) bus.CommandReply {
		asked <- cmd.ID
		select {
		case <-let:
			return bus.CommandReply{ID: cmd.ID, Status: bus.StatusDone}
		case <-ctx.Done():
			return bus.CommandReply{ID: cmd.ID, Status: bus.StatusPending}
		}
	})
	if err != nil {
		tb.Fatal(err)
	}
	if err := c.NC.Flush(); err != nil {
		tb.Fatal(err)
	}
	return asked, let
}

// command asks in the background; the reply comes on the channel.
func command(tb testing.TB, c *bus.Conn, subject, id string) <-chan bus.CommandReply {
	tb.Helper()
	ctx, got := testContext(tb), make(chan bus.CommandReply, 1)
	go func() {
		r, err := bus.Request[bus.CommandReply](ctx, c, subject, bus.Command{ID: id})
		if err != nil {
			tb.Errorf("command %s: %v", id, err)
		}
		got <- r
	}()
	return got
}

func TestRequestsAtOnce(t *testing.T) {
	srv := startServer(t)
	bot, operator := srv.connect(t, bus.RoleBot), srv.connect(t, bus.RoleOperator)
	subject := bus.CommandSubject("main", "kick")
	begun, release := slowDesk(t, bot, subject, 3)
	var replies []<-chan bus.CommandReply
	for i := range 4 {
		replies = append(replies, command(t, operator, subject, strconv.Itoa(i)))
	}
	under := map[string]bool{}
	for range 3 {
		under[<-begun] = true // none of them was answered yet
	}
	if len(under) != 3 {
		t.Fatalf("under way: %v, want three", under)
	}
	select {
	case id := <-begun:
		t.Fatalf("%s was begun as the fourth of three", id)
	case <-time.After(50 * time.Millisecond):
	}
	for range 4 {
		release <- struct{}{}
	}
	for i, reply := range replies {
		if r := <-reply; r.ID != strconv.Itoa(i) || r.Status != bus.StatusDone {
			t.Errorf("command %d: %+v", i, r)
		}
	}
}

// TestCloseWaitsForRequestsUnderWay says that a reply still leaves although the
// connection is being closed, and that no request is forgotten.
func TestCloseWaitsForRequestsUnderWay(t *testing.T) {
	srv := startServer(t)
	bot, operator := srv.connect(t, bus.RoleBot), srv.connect(t, bus.RoleOperator)
	subject := bus.CommandSubject("main", "kick")
	begun, release := slowDesk(t, bot, subject, 2)
	reply := command(t, operator, subject, "a")
	<-begun
	closed := make(chan error, 1)
	go func() { closed <- bot.Close(testContext(t)) }()
	select {
	case err := <-closed:
		t.Fatalf("closed with a request under way: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	release <- struct{}{}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if r := <-reply; r.Status != bus.StatusDone {
		t.Errorf("got %+v, want an answer", r)
	}
}

// TestCloseCutsRequestsUnderWay says that a deadline ends the wait, and the
// handler's context with the connection.
func TestCloseCutsRequestsUnderWay(t *testing.T) {
	srv := startServer(t)
	bot, operator := srv.connect(t, bus.RoleBot), srv.connect(t, bus.RoleOperator)
	subject := bus.CommandSubject("main", "kick")
	ended, begun := make(chan struct{}), make(chan struct{})
	if _, err := bus.RespondConcurrent(bot, subject, 1, func(ctx context.Context, _ bus.Command) bus.CommandReply {
		close(begun)
		<-ctx.Done()
		close(ended)
		return bus.CommandReply{}
	}); err != nil {
		t.Fatal(err)
	}
	if err := bot.NC.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := operator.NC.Publish(subject, []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	<-begun
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_ = bot.Close(ctx) // whether draining was quick enough is not the point
	<-ended
}
