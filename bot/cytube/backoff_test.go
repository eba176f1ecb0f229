package cytube

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestBackoffGrows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b Backoff
		for try, least := range []time.Duration{2, 4, 8, 16, 32, 60, 60, 60} {
			delay := b.Next(&End{Cause: CauseNetwork})
			least *= time.Second
			if delay < least || delay > least*3/2 {
				t.Errorf("try %d waits %s, want %s to %s", try, delay, least, least*3/2)
			}
			time.Sleep(delay)
		}
		b.Reset()
		if delay := b.Next(&End{Cause: CauseNetwork}); delay < 2*time.Second || delay > 3*time.Second {
			t.Errorf("after a reset it waits %s", delay)
		}
	})
}

func TestBackoffHonoursWait(t *testing.T) {
	var b Backoff
	if delay := b.Next(&End{Cause: CauseLogin, Wait: 75 * time.Second}); delay < 75*time.Second {
		t.Errorf("waits %s", delay)
	}
}

func TestBackoffRemembersKicks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b Backoff
		for try, least := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
			delay := b.Next(kicked("go away"))
			least *= time.Minute
			if delay < least || delay > least*3/2 {
				t.Errorf("kick %d waits %s, want at least %s", try, delay, least)
			}
			time.Sleep(delay)
			b.Reset()
		}
		time.Sleep(2 * kickMemory)
		if delay := b.Next(kicked("go away")); delay > 2*time.Minute {
			t.Errorf("an old kick still counts: %s", delay)
		}
	})
}

// TestBackoffKeepsBelowTheServersBucket reconnects as fast as it may, joining
// each time, against the server's own rule: five at once, then one in ten
// seconds.
func TestBackoffKeepsBelowTheServersBucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b Backoff
		connections := []time.Time{time.Now()}
		for range 200 {
			time.Sleep(b.Next(&End{Cause: CauseNetwork}))
			connections = append(connections, time.Now())
			b.Reset()
		}
		withinServersBucket(t, connections)
	})
}

// TestBackoffSpreadsRooms has twelve rooms lose one server at once.
func TestBackoffSpreadsRooms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bucket := NewBucket()
		var connections []time.Time
		for range 12 {
			b := Backoff{Bucket: bucket}
			connections = append(connections, time.Now().Add(b.Next(&End{Cause: CauseNetwork})))
		}
		slices.SortFunc(connections, time.Time.Compare)
		withinServersBucket(t, connections)
	})
}

// withinServersBucket plays the server's bucket over connections in order.
func withinServersBucket(t *testing.T, connections []time.Time) {
	t.Helper()
	tokens, last := 5.0, connections[0]
	for i, at := range connections {
		tokens = min(5, tokens+at.Sub(last).Seconds()/10)
		last = at
		if tokens < 1 {
			t.Fatalf("connection %d after %s would be refused", i, at.Sub(connections[0]))
		}
		tokens--
	}
}

func TestBackoffFirst(t *testing.T) {
	var b Backoff
	if delay := b.Next(nil); delay != 0 {
		t.Errorf("the first connection waits %s", delay)
	}
}
