package main

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// BenchmarkSlowLine hangs a console of 80x24 on a line of 9,600 baud: 960 bytes
// a second. One round is a second, in which a key is typed; ten lines of chat
// come in each. It tells how long a key takes to the screen, how old the newest
// line on the screen is, and how many bytes a frame has.
func BenchmarkSlowLine(b *testing.B) {
	for _, lines := range []int{1, 10} {
		b.Run(strconv.Itoa(lines)+" lines a second", func(b *testing.B) { slowLine(b, lines) })
	}
}

func slowLine(b *testing.B, perSecond int) {
	h, site := newHome(b), newSite(b)
	h.writeFloodConfig(b, site)
	h.start(b, "run").waitFor("[*] Starting bot...")
	site.waitForBot()
	alice := site.puppet("Alice")
	x := h.terminal(b, 80, 24, "tui", "--attach")
	x.line.Store(960)
	x.waitFor("CyTube ●", "Alice", "USERS")
	time.Sleep(3 * time.Second) // the first screen has gone through

	said := make([]time.Time, b.N*perSecond)
	var ages []time.Duration
	var mu sync.Mutex
	numbers := regexp.MustCompile(`said (\d+)\.`)
	age := func() {
		mu.Lock()
		defer mu.Unlock()
		newest := -1
		for _, m := range numbers.FindAllStringSubmatch(x.text(), -1) {
			n, _ := strconv.Atoi(m[1])
			newest = max(newest, n)
		}
		if newest >= 0 && newest < len(said) {
			ages = append(ages, time.Since(said[newest]))
		}
	}
	p := newProbe(x, 22, len(" Rosey ▸ ")-len("▸")+1)
	bytes, frames := len(x.written()), strings.Count(x.written(), showCursor)
	b.ResetTimer()
	var talking sync.WaitGroup
	talking.Go(func() {
		for i := range said {
			mu.Lock()
			said[i] = time.Now()
			mu.Unlock()
			alice.Say("said " + strconv.Itoa(i) + ". and what else people say in a line of chat")
			time.Sleep(time.Second / time.Duration(perSecond))
			if i%perSecond == 0 {
				age()
			}
		}
	})
	p.keys(b.N, time.Second)
	talking.Wait()
	b.StopTimer()
	bytes, frames = len(x.written())-bytes, strings.Count(x.written(), showCursor)-frames
	b.ReportMetric(float64(bytes)/float64(max(1, frames)), "bytes/frame")
	b.ReportMetric(float64(frames)/b.Elapsed().Seconds(), "frames/s")
	quantiles(b, "key", p.took)
	quantiles(b, "age", ages)
}
