package cytube

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestQueueBlocksUntilTakenFrom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(10 * time.Second)
		for range queueEvents {
			if err := q.put(t.Context(), Received{}, 1); err != nil {
				t.Fatal(err)
			}
		}
		put := make(chan error)
		go func() { put <- q.put(context.Background(), Received{Name: "last"}, 1) }()
		time.Sleep(9 * time.Second)
		synctest.Wait()
		select {
		case err := <-put:
			t.Fatalf("a full queue took an event: %v", err)
		default:
		}
		<-q.waiting
		if err := <-put; err != nil {
			t.Errorf("put: %v", err)
		}
	})
}

func TestQueueGivesUpACallerThatStalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(10 * time.Second)
		start := time.Now()
		for {
			err := q.put(t.Context(), Received{}, queueBytes/2)
			if err == nil {
				continue
			}
			if !errors.Is(err, errStalled) || time.Since(start) != 10*time.Second {
				t.Errorf("put: %v after %s", err, time.Since(start))
			}
			return
		}
	})
}

func TestQueueTakesAFrameLargerThanItself(t *testing.T) {
	q := newQueue(time.Second)
	if err := q.put(t.Context(), Received{}, queueBytes+1); err != nil {
		t.Error(err)
	}
}

// TestStalledCaller does not take events from a server that floods, whose
// numbers make the patience short.
func TestStalledCaller(t *testing.T) {
	flood := `42["setMotd","` + strings.Repeat("x", maxMotd) + `"]`
	s := serve(t, false, func(p *peer) {
		p.send(`0{"sid":"s","pingInterval":200,"pingTimeout":400}`)
		p.expect("40")
		p.send(entered, someone)
		for p.send(flood) {
		}
	})
	session := dial(t, s.options())
	select {
	case <-session.ctx.Done():
	case <-time.After(patience):
		t.Fatal("the session goes on")
	}
	got, end := all(t, session)
	if end.Cause != CauseStalled || end.Permanent {
		t.Errorf("end %+v", end)
	}
	if len(got) < 2 {
		t.Errorf("only %d events were kept", len(got))
	}
}
