package tui

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
)

func testChat(limit, w, h int) *chat {
	c := newChat(limit, time.UTC)
	s := newStyles(builtinThemes(), "mono", 0)
	c.restyle(newLineRenderer(s, ansi.WcWidth, time.UTC, false, 1))
	c.resize(w, h)
	return c
}

// say appends a line of some length that begins with its number.
func say(c *chat, n int) {
	text := fmt.Sprintf("#%d# %s", n, strings.Repeat("word ", n*7%23))
	c.append(&line{at: evening.UnixMilli(), kind: lineChat, name: "bob", spans: plain(text)})
}

// topLine is the number of the line that the window's first row belongs to.
func topLine(tb testing.TB, c *chat) int {
	tb.Helper()
	i, _ := c.window()
	var n int
	if _, err := fmt.Sscanf(c.lines[i].text(), "#%d#", &n); err != nil {
		tb.Fatalf("top line %q: %v", c.lines[i].text(), err)
	}
	return n
}

func TestFollowsTheNewestLine(t *testing.T) {
	c := testChat(1000, 60, 10)
	for n := range 50 {
		say(c, n)
	}
	last := c.lines[len(c.lines)-1]
	view := c.view()
	rows := c.rows(last)
	if got := view[len(view)-1]; got != rows[len(rows)-1] {
		t.Errorf("last row %q, want the newest line's %q", got, rows[len(rows)-1])
	}
}

func TestScrolledUpStaysThroughAppends(t *testing.T) {
	c := testChat(1000, 60, 10)
	for n := range 200 {
		say(c, n)
	}
	c.scroll(-57)
	want := strings.Join(c.view(), "\n")
	for n := range 500 {
		say(c, 200+n)
		if got := strings.Join(c.view(), "\n"); got != want {
			t.Fatalf("after %d more lines the window shows\n%s\nnot\n%s", n+1, got, want)
		}
	}
	if c.unseen != 500 {
		t.Errorf("%d unseen, want 500", c.unseen)
	}
}

func TestScrolledUpStaysThroughPruning(t *testing.T) {
	const limit = 2000
	c := testChat(limit, 60, 10)
	for n := range limit {
		say(c, n)
	}
	c.scroll(-4000)
	c.scroll(300)
	want := strings.Join(c.view(), "\n")
	total := limit
	for range 30_000 {
		say(c, total)
		total++
		if len(c.lines) > limit+pruneSlack+1 {
			t.Fatalf("%d lines kept, limit %d", len(c.lines), limit)
		}
	}
	if got := strings.Join(c.view(), "\n"); got != want {
		t.Fatalf("the window shows\n%s\nnot\n%s", got, want)
	}
	said, gone := 0, 0
	for i, l := range c.lines {
		if i > 0 && c.lines[i-1].id >= l.id {
			t.Fatalf("ids out of order at %d", i)
		}
		if l.hole != nil {
			gone += l.hole.lines
		}
		if l.kind == lineChat {
			said++
		}
	}
	if gone == 0 || !strings.Contains(fmt.Sprint(texts(c)), "dropped while you read") {
		t.Error("no gap line tells of the dropped lines")
	}
	// What is neither shown nor told of was dropped before the window, oldest first.
	var first int
	fmt.Sscanf(c.lines[firstSaid(c)].text(), "#%d#", &first)
	if first+said+gone != total {
		t.Errorf("%d before, %d kept, %d in gaps: not %d", first, said, gone, total)
	}

	c.live()
	for range 3 * pruneSlack {
		say(c, total)
		total++
	}
	if topLine(t, c) < total-20 {
		t.Errorf("live again, but the window is at %d of %d", topLine(t, c), total)
	}
}

func texts(c *chat) (out []string) {
	for _, l := range c.lines {
		if l.kind == lineGap {
			out = append(out, l.text())
		}
	}
	return out
}

func firstSaid(c *chat) int {
	for i, l := range c.lines {
		if l.kind == lineChat {
			return i
		}
	}
	return -1
}

func TestScrolledUpStaysThroughResizing(t *testing.T) {
	c := testChat(1000, 60, 10)
	for n := range 300 {
		say(c, n)
	}
	c.scroll(-200)
	c.hold(c.index(c.top.id), 0)
	want := topLine(t, c)
	for _, s := range []struct{ w, h int }{{40, 10}, {120, 40}, {20, 3}, {61, 11}, {200, 50}, {60, 10}} {
		c.resize(s.w, s.h)
		if got := topLine(t, c); got != want {
			t.Errorf("at %dx%d line %d is on top, want %d", s.w, s.h, got, want)
		}
	}
}

func TestScrollingWalksEveryRowOnce(t *testing.T) {
	c := testChat(1000, 40, 7)
	for n := range 60 {
		say(c, n)
	}
	var all []string
	for _, l := range c.lines {
		all = append(all, c.rows(l)...)
	}
	for at := len(all) - c.h; at >= 0; at-- {
		if got, want := strings.Join(c.view(), "\n"), strings.Join(all[at:at+c.h], "\n"); got != want {
			t.Fatalf("at row %d:\n%s\nwant\n%s", at, got, want)
		}
		c.scroll(-1)
	}
	for range all {
		c.scroll(1)
	}
	if !c.follow {
		t.Error("scrolled to the end, but not following")
	}
}

func TestSelectionIsAlwaysInTheWindow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	c := testChat(400, 60, 12)
	n := 0
	for range 5000 {
		switch r.IntN(8) {
		case 0, 1:
			say(c, n)
			n++
		case 2:
			c.selectMove(-1, func(*line) bool { return true })
		case 3:
			c.selectMove(1, func(*line) bool { return true })
		case 4:
			if !c.selecting() {
				c.selectLast()
			}
		case 5:
			c.resize(10+r.IntN(100), 1+r.IntN(40))
		case 6:
			if r.IntN(50) == 0 {
				c.live()
			}
		case 7:
			for range r.IntN(60) {
				say(c, n)
				n++
			}
		}
		view := c.view()
		if len(view) != c.h {
			t.Fatalf("%d rows in a window of %d", len(view), c.h)
		}
		if l := c.selected(); l != nil && !strings.Contains(strings.Join(view, ""), "›") {
			t.Fatalf("the selected line %q is not in the window\n%s", l.text(), strings.Join(view, "\n"))
		}
	}
}

func TestDaysAreMarked(t *testing.T) {
	c := testChat(100, 60, 10)
	for _, d := range []time.Duration{-48, -47, -24, 0, 1} {
		c.append(&line{at: evening.Add(d * time.Hour).UnixMilli(), kind: lineChat, name: "bob", spans: plain("hi")})
	}
	days := 0
	for _, l := range c.lines {
		if l.kind == lineDay {
			days++
		}
	}
	if days != 3 {
		t.Errorf("%d day lines, want 3", days)
	}
}

// A click far up costs what the window shows and not what lies below it.
func TestAClickRendersTheWindowAlone(t *testing.T) {
	c := testChat(10_000, 60, 10)
	for n := range 5000 {
		say(c, n)
	}
	c.hold(100, 0)
	c.lineAt(3)
	made := 0
	for _, l := range c.lines {
		if l.rows != nil {
			made++
		}
	}
	if made > 4*c.h {
		t.Errorf("%d lines were rendered for a window of %d rows", made, c.h)
	}
	c.resize(60, 4000)
	if l, ok := c.lineAt(0); !ok || l != c.lines[100] {
		t.Errorf("the first row belongs to %+v", l)
	}
}
