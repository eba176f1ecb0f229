package main

import (
	"bytes"
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
	back := newPager(x, b.N*rate, "flood ")
	back.back()
	b.ReportMetric(float64(back.missing()), "missing-lines")
	b.ReportMetric(memory(console, "VmHWM"), "rss-paged-MB")
}

// A pager reads back through what was said, a screen at a time, and notes which
// of the numbered lines it has seen. It looks at whole frames only: of a half
// drawn one nobody could tell what is missing in it.
type pager struct {
	x      *terminal
	number *regexp.Regexp
	frames chan []int // the numbers on the newest whole frame
	seen   []bool
	torn   int // whole frames whose lines were not one run
}

// newPager expects n lines, each with its number after prefix.
func newPager(x *terminal, n int, prefix string) *pager {
	p := &pager{
		x: x, number: regexp.MustCompile(prefix + `(\d+) `), frames: make(chan []int, 1), seen: make([]bool, n),
	}
	p.look()
	x.after(p.look)
	return p
}

// look is asked after whatever the screen has taken.
func (p *pager) look() {
	if !p.x.wholeFrame() {
		return
	}
	var on []int
	for _, m := range p.number.FindAllStringSubmatch(p.x.text(), -1) {
		if i, err := strconv.Atoi(m[1]); err == nil && i < len(p.seen) {
			on = append(on, i)
		}
	}
	select {
	case <-p.frames: // nobody has looked at it
	default:
	}
	p.frames <- on
}

// note takes a frame in and tells the first and the last of its lines; ok is
// false when it shows none.
func (p *pager) note(on []int) (first, last int, ok bool) {
	if len(on) == 0 {
		return 0, 0, false
	}
	for _, i := range on {
		p.seen[i] = true
	}
	first, last = on[0], on[len(on)-1]
	if last-first != len(on)-1 {
		p.torn++
	}
	return first, last, true
}

// back pages up from the newest line until the line numbered 0 is on the screen.
// Each screen must join the one before it: where a key was taken twice, it pages
// down again to what was left out.
func (p *pager) back() {
	key, first, down := "", len(p.seen), false
	for patient := 0; first > 0 && patient < 10; patient++ {
		p.x.send(key)
		key = pageUp
		for again := time.After(4 * time.Second); again != nil; {
			select {
			case on := <-p.frames:
				now, last, ok := p.note(on)
				switch {
				case ok && last < first-1 && !down:
					key, down, again = pageDown, true, nil
				case ok && now < first:
					first, patient, down, again = now, -1, false, nil
				} // else the page is still to come: the clock has drawn this one
			case <-again:
				again = nil
			}
		}
	}
}

// missing counts the lines that were not seen.
func (p *pager) missing() (n int) {
	for _, ok := range p.seen {
		if !ok {
			n++
		}
	}
	if n > 0 || p.torn > 0 {
		p.x.t.Logf("missing: %v; frames with a hole: %d; the screen:\n%s", gaps(p.seen), p.torn, p.x.text())
	}
	return n
}

// wholeFrame tells whether what was written last ended a frame. It may be asked
// where the screen has just taken it.
func (x *terminal) wholeFrame() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return bytes.HasSuffix(x.raw.Bytes(), []byte(showCursor))
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

const (
	// showCursor ends a frame that is not empty.
	showCursor = "\x1b[?25h"
	pageUp     = "\x1b[5~"
	pageDown   = "\x1b[6~"
)

// writeFloodConfig writes a config whose NATS is not slowed by the disk.
func (h home) writeFloodConfig(t testing.TB, s *site) {
	t.Helper()
	h.write(t, "config.json", fmt.Sprintf(`{
  "version": "2.0", "nats": {"url": "nats://%s", "sync": "2m"}, "database": {"path": %q},
  "platforms": [{"type": "cytube", "name": "den", "enabled": true, "domain": %q, "channel": %q, "user": ["Rosey", %q]}],
  "logging": {"level": "info"}
}`, freeAddress(t), filepath.Join(h.dir, "bot_data.db"), s.server.URL(), siteChannel, sitePassword))
}
