package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A probe types keys into a console and notes how long each takes to be on the
// screen.
type probe struct {
	x      *terminal
	row    int
	column int // where the first key shows
	seen   chan time.Time
	want   atomic.Int64 // the rune that is waited for, and its column
	took   []time.Duration
}

// newProbe types where the input line begins.
func newProbe(x *terminal, row, column int) *probe {
	p := &probe{x: x, row: row, column: column, seen: make(chan time.Time, 1)}
	x.after(p.look)
	return p
}

// look is asked after whatever the screen has taken.
func (p *probe) look() {
	want := p.want.Load()
	if want == 0 {
		return
	}
	c := p.x.screen.CellAt(p.column+int(want>>32), p.row)
	if c != nil && c.Content == string(rune(want&0xffffffff)) && p.want.CompareAndSwap(want, 0) {
		p.seen <- time.Now()
	}
}

// keys types n keys, one every pause, and clears the line now and then.
func (p *probe) keys(n int, pause time.Duration) {
	for i := range n {
		at := i % 40
		key := rune('a' + i%26)
		p.want.Store(int64(at)<<32 | int64(key))
		began := time.Now()
		p.x.send(string(key))
		select {
		case now := <-p.seen:
			p.took = append(p.took, now.Sub(began))
		case <-time.After(patience):
			p.x.t.Fatalf("key %d never came to the screen:\n%s", i, p.x.text())
		}
		time.Sleep(time.Until(began.Add(pause)))
		if at == 39 {
			p.x.send("\x15")
			time.Sleep(pause)
		}
	}
}

// childOf is the console under the guard that pid is; pid where there is none.
func childOf(pid int) int {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, list := range lists {
		data, _ := os.ReadFile(list)
		for _, f := range strings.Fields(string(data)) {
			if child, err := strconv.Atoi(f); err == nil {
				return child
			}
		}
	}
	return pid
}

// memory is a figure of /proc/pid/status, in MB.
func memory(pid int, key string) float64 {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, key+":"); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return float64(kb) / 1024
		}
	}
	return 0
}

// quantiles reports what took how long, in milliseconds.
func quantiles(b *testing.B, what string, took []time.Duration) {
	if len(took) == 0 {
		return
	}
	slices.Sort(took)
	for _, p := range []int{50, 99} {
		b.ReportMetric(float64(took[len(took)*p/100].Microseconds())/1000, fmt.Sprintf("%s-p%d-ms", what, p))
	}
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, what+"-max-ms")
}

// BenchmarkFlood floods a room with 5,000 lines a second, through all there is:
// CyTube's socket, the bot, NATS, the console under a pseudo-terminal. One
// round is a second. Ten keys a second are typed meanwhile. Afterwards the
// console pages back through all that was said.
func BenchmarkFlood(b *testing.B) {
	const rate = 5000
	h, site := newHome(b), newSite(b)
	h.writeFloodConfig(b, site)
	services := h.start(b, "run")
	services.waitFor("[*] Starting bot...")
	site.waitForBot()
	alice := site.puppet("Alice")
	x := h.terminal(b, 120, 40, "tui", "--attach")
	x.waitFor("CyTube ●", "DB ●", "Alice", "USERS")
	console := childOf(x.cmd.Process.Pid)
	before, frames := memory(console, "VmRSS"), strings.Count(x.written(), showCursor)
	p := newProbe(x, 38, len(" Rosey ▸ ")-len("▸")+1)

	b.ResetTimer()
	began := time.Now()
	var flooding sync.WaitGroup
	flooding.Go(func() {
		for i := range b.N * rate {
			if i%25 == 0 {
				time.Sleep(time.Until(began.Add(time.Duration(i) * time.Second / rate)))
			}
			alice.Say("flood " + strconv.Itoa(i))
		}
	})
	p.keys(b.N*9, 100*time.Millisecond)
	flooding.Wait()
	took := time.Since(began).Seconds()
	frames = strings.Count(x.written(), showCursor) - frames
	last := "flood " + strconv.Itoa(b.N*rate-1) + " "
	x.waitFor(last)
	behind := time.Since(began).Seconds() - took
	b.StopTimer()
	b.ReportMetric(float64(b.N*rate)/took, "lines/s")
	b.ReportMetric(float64(frames)/took, "frames/s")
	b.ReportMetric(behind, "behind-s")
	b.ReportMetric(before, "rss-before-MB")
	b.ReportMetric(memory(console, "VmHWM"), "rss-peak-MB")
	quantiles(b, "key", p.took)
	x.resize(120, 100) // fewer pages
	x.waitFor(last, "flood "+strconv.Itoa(b.N*rate-90)+" ")
	b.ReportMetric(float64(b.N*rate-x.pageBack(b.N*rate, "flood ")), "missing-lines")
	b.ReportMetric(memory(console, "VmHWM"), "rss-paged-MB")
}

// pageBack pages up until the line numbered 0 is on the screen, and counts the
// n lines that were seen on the way. A page counts when it joins the one before
// it: until then the screen is being drawn, or the older lines are being asked
// for.
func (x *terminal) pageBack(n int, prefix string) (found int) {
	x.t.Helper()
	numbers := regexp.MustCompile(prefix + `(\d+) `)
	seen, first := make([]bool, n), n
	page := func() (first int, whole bool) {
		var on []int
		for _, m := range numbers.FindAllStringSubmatch(x.text(), -1) {
			if i, err := strconv.Atoi(m[1]); err == nil && i < n {
				on = append(on, i)
			}
		}
		if len(on) == 0 || on[len(on)-1]-on[0] != len(on)-1 {
			return n, false // half drawn
		}
		for _, i := range on {
			if !seen[i] {
				found++
			}
			seen[i] = true
		}
		return on[0], on[len(on)-1] >= first-1
	}
	first, _ = page()
	for patient := 0; first > 0 && patient < 10; patient++ {
		x.send("\x1b[5~")
		for again := time.Now().Add(4 * time.Second); time.Now().Before(again); time.Sleep(5 * time.Millisecond) {
			if now, whole := page(); whole && now < first {
				first, patient = now, -1
				break
			}
		}
	}
	if found < n {
		x.t.Logf("missing: %v", gaps(seen))
	}
	return found
}

// gaps are the runs of what was not seen.
func gaps(seen []bool) (out [][2]int) {
	for i, ok := range seen {
		switch {
		case ok:
		case len(out) > 0 && out[len(out)-1][1] == i-1:
			out[len(out)-1][1] = i
		default:
			out = append(out, [2]int{i, i})
		}
	}
	return out
}

// showCursor ends a frame that is not empty.
const showCursor = "\x1b[?25h"

// writeFloodConfig writes a config whose NATS is not slowed by the disk.
func (h home) writeFloodConfig(t testing.TB, s *site) {
	t.Helper()
	h.write(t, "config.json", fmt.Sprintf(`{
  "version": "2.0", "nats": {"url": "nats://%s", "sync": "2m"}, "database": {"path": %q},
  "platforms": [{"type": "cytube", "name": "den", "enabled": true, "domain": %q, "channel": %q, "user": ["Rosey", %q]}],
  "logging": {"level": "info"}
}`, freeAddress(t), filepath.Join(h.dir, "bot_data.db"), s.server.URL(), siteChannel, sitePassword))
}
