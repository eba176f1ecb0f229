package bus_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"rosey/bus"
)

func TestDoFollowsACommandToItsOutcome(t *testing.T) {
	srv := startServer(t)
	bot, operator := srv.connect(t, bus.RoleBot), srv.connect(t, bus.RoleOperator)
	var mu sync.Mutex
	asked := map[string]int{}
	serve := func(verb string, pending int) {
		t.Helper()
		_, err := bus.Respond(bot, bus.CommandSubject("main", verb), func(_ context.Context, c bus.Command) bus.CommandReply {
			mu.Lock()
			defer mu.Unlock()
			if c.ID == "" || c.Deadline < time.Now().UnixMilli() {
				t.Errorf("%s came with id %q and deadline %d", verb, c.ID, c.Deadline)
			}
			if asked[c.ID]++; asked[c.ID] <= pending {
				return bus.CommandReply{ID: c.ID, Status: bus.StatusPending}
			}
			return bus.CommandReply{ID: c.ID, Status: bus.StatusDone, Text: "a\nb\x1b[31m", Targets: []string{"b\x07ob"}}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	serve("quick", 0)
	serve("slow", 2)
	serve("never", 1000)
	if err := bot.NC.Flush(); err != nil {
		t.Fatal(err)
	}

	for verb, times := range map[string]int{"quick": 1, "slow": 3} {
		r, err := bus.Do(testContext(t), operator, "main", verb, bus.Command{Operator: "op"})
		if err != nil || r.Status != bus.StatusDone || r.Text != "a\nb" || r.Targets[0] != "bob" {
			t.Errorf("%s: %+v, %v", verb, r, err)
		}
		mu.Lock()
		if asked[r.ID] != times {
			t.Errorf("%s was asked for %d times under its id, want %d", verb, asked[r.ID], times)
		}
		mu.Unlock()
	}

	short, cancel := context.WithTimeout(testContext(t), 500*time.Millisecond)
	defer cancel()
	if r, err := bus.Do(short, operator, "main", "never", bus.Command{}); err != nil || r.Status != bus.StatusPending {
		t.Errorf("without an outcome in time: %+v, %v", r, err)
	}
	if _, err := bus.Do(testContext(t), operator, "main", "unheard", bus.Command{}); !errors.Is(err, bus.ErrNobody) {
		t.Errorf("nobody there: %v", err)
	}
	viewer := srv.connect(t, bus.RoleViewer)
	if _, err := bus.Do(testContext(t), viewer, "main", "quick", bus.Command{}); !errors.Is(err, bus.ErrNotAllowed) {
		t.Errorf("a viewer: %v", err)
	}
}

// TestDoDoesNotAskAnotherBot: one that comes in the middle does not know what
// the first has done, and would act a second time.
func TestDoDoesNotAskAnotherBot(t *testing.T) {
	srv := startServer(t)
	bot, operator := srv.connect(t, bus.RoleBot), srv.connect(t, bus.RoleOperator)
	gone := make(chan struct{})
	leave := sync.OnceFunc(func() { close(gone) })
	sub, err := bus.Respond(bot, bus.CommandSubject("main", "say"), func(_ context.Context, c bus.Command) bus.CommandReply {
		leave()
		return bus.CommandReply{ID: c.ID, Status: bus.StatusPending}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := bot.NC.Flush(); err != nil {
		t.Fatal(err)
	}
	go func() {
		<-gone
		_ = sub.Unsubscribe()
	}()
	if r, err := bus.Do(testContext(t), operator, "main", "say", bus.Command{}); !errors.Is(err, bus.ErrNobody) {
		t.Errorf("%+v, %v", r, err)
	}
}
