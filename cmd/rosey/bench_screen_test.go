package main

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// row is one row of the screen as text.
func (x *terminal) row(y, width int) string {
	var b strings.Builder
	for column := range width {
		if c := x.screen.CellAt(column, y); c != nil {
			b.WriteString(c.Content)
		}
	}
	return b.String()
}

// BenchmarkFrameToScreen says 100 lines a second and measures how long after it
// was said each is on the screen: CyTube's server and its websocket, the bot,
// NATS, the console, the pseudo-terminal.
func BenchmarkFrameToScreen(b *testing.B) {
	const perSecond, width = 100, 120
	h, site := newHome(b), newSite(b)
	h.writeFloodConfig(b, site)
	h.start(b, "run").waitFor("[*] Starting bot...")
	site.waitForBot()
	alice := site.puppet("Alice")
	x := h.terminal(b, width, 40, "tui", "--attach")
	x.waitFor("CyTube ●", "DB ●", "Alice", "USERS")

	said, shown := make([]time.Time, b.N), make([]time.Duration, b.N)
	var mu sync.Mutex
	missing := b.N
	done := make(chan struct{})
	x.after(func() {
		mu.Lock()
		defer mu.Unlock()
		for y := 20; y < 37; y++ { // a frame of 33 ms brings three or four
			_, rest, ok := strings.Cut(x.row(y, width), "Alice  said ")
			n, err := strconv.Atoi(strings.TrimRight(rest[:min(len(rest), 8)], " "))
			if !ok || err != nil || n >= b.N || said[n].IsZero() || shown[n] != 0 {
				continue
			}
			shown[n] = time.Since(said[n])
			if missing--; missing == 0 {
				close(done)
			}
		}
	})
	b.ResetTimer()
	for i, next := 0, time.Now(); i < b.N; i++ {
		time.Sleep(time.Until(next))
		next = next.Add(time.Second / perSecond)
		mu.Lock()
		said[i] = time.Now()
		mu.Unlock()
		alice.Say("said " + strconv.Itoa(i))
	}
	select {
	case <-done:
	case <-time.After(patience):
		b.Fatalf("%d lines never came to the screen:\n%s", missing, x.text())
	}
	b.StopTimer()
	quantiles(b, "screen", shown)
}

// dayOfLines is what a lively room says in 24 hours.
const dayOfLines = 50_000

// BenchmarkAttach measures `rosey tui --attach` from exec to the first full
// screen, in a room with 50,000 lines in the stream and in the database.
func BenchmarkAttach(b *testing.B) {
	h, site := newHome(b), newSite(b)
	h.writeFloodConfig(b, site)
	services := h.start(b, "run")
	services.waitFor("[*] Starting bot...")
	site.waitForBot()
	alice := site.puppet("Alice")
	for i := range dayOfLines {
		alice.Say("line " + strconv.Itoa(i) + " of the day, as long as lines of chat are")
	}
	last := strconv.Itoa(dayOfLines - 1)
	waitUntil(b, "the last line in the database", func() bool {
		return strings.Contains(h.run(b, "chat", "search", `"line `+last+` of the day"`).out, last)
	})
	var took []time.Duration
	for b.Loop() {
		began, full := time.Now(), make(chan struct{})
		var once sync.Once
		x := h.terminal(b, 120, 40, "tui", "--attach")
		x.after(func() {
			if strings.Contains(x.row(36, 120), "line "+last) && strings.Contains(x.row(3, 120), "Alice") {
				once.Do(func() { close(full) })
			}
		})
		select {
		case <-full:
		case <-time.After(patience):
			b.Fatalf("the room never came to the screen:\n%s", x.text())
		}
		took = append(took, time.Since(began))
		b.StopTimer()
		x.send("\x03")
		x.exit()
		b.StartTimer()
	}
	quantiles(b, "attach", took)
}
