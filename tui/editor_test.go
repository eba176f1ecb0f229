package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestEditing(t *testing.T) {
	for _, c := range []struct {
		name, start string
		keys        []string
		want        string // with | for the cursor
	}{
		{"typing", "", []string{"a", "b"}, "ab|"},
		{"in the middle", "ac", []string{"left", "b"}, "ab|c"},
		{"word left", "one two", []string{"alt+b", "alt+b", "x"}, "x|one two"},
		{"word right", "one two", []string{"home", "alt+f", "x"}, "onex| two"},
		{"cut word left", "one two", []string{"ctrl+w"}, "one |"},
		{"cut and put back", "one two", []string{"ctrl+w", "ctrl+a", "ctrl+y"}, "two|one "},
		{"cut word right", "one two", []string{"ctrl+a", "alt+d"}, "| two"},
		{"cut to the end", "one two", []string{"ctrl+a", "right", "ctrl+k"}, "o|"},
		{"cut to the start", "one two", []string{"left", "ctrl+u"}, "|o"},
		{"swap", "ab", []string{"ctrl+t"}, "ba|"},
		{"a family is one character", "x👨‍👩‍👧", []string{"backspace"}, "x|"},
		{"so is a letter with its mark", "xe\u0301", []string{"left", "delete"}, "x|"},
		{"a mark joins the letter before", "e", []string{"\u0301", "backspace"}, "|"},
		{"at the ends", "", []string{"left", "backspace", "delete", "right", "ctrl+t", "ctrl+w"}, "|"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, _ := sceneModel(t, 80, 24)
			e := &m.room().edit
			e.set(c.start)
			press(t, m, c.keys...)
			got := e.before() + "|" + strings.TrimPrefix(e.value(), e.before())
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestHistory(t *testing.T) {
	m, _ := sceneModel(t, 80, 24)
	e := &m.room().edit
	for _, l := range []string{"one", "two", "two"} {
		e.set(l)
		e.sent()
	}
	e.set("draft")
	for _, step := range []struct{ key, want string }{
		{"up", "two"}, {"up", "one"}, {"up", "one"}, {"down", "two"}, {"down", "draft"}, {"down", "draft"},
	} {
		press(t, m, step.key)
		if e.value() != step.want {
			t.Errorf("%s gives %q, want %q", step.key, e.value(), step.want)
		}
	}
}

func TestALongLineScrollsWithItsCursor(t *testing.T) {
	var e editor
	e.set(strings.Repeat("0123456789", 9) + "日本")
	for _, to := range []int{len(e.chars), 0, 45, len(e.chars) - 1} {
		e.pos = to
		text, cursor := e.view(ansi.WcWidth, 20)
		if ansi.WcWidth.StringWidth(text) != 20 || cursor < 0 || cursor > 19 {
			t.Fatalf("at %d: %q with the cursor at %d", to, text, cursor)
		}
		if to < 90 && text[cursor:cursor+1] != e.chars[to] {
			t.Errorf("at %d the cursor is on %q, want %q", to, text[cursor:cursor+1], e.chars[to])
		}
	}
}

func TestTheLineIsBounded(t *testing.T) {
	var e editor
	for range 100 {
		e.insert(strings.Repeat("🎬", 100))
	}
	if n := len(e.chars); n != maxInput/2 {
		t.Errorf("%d characters of two units, want %d", n, maxInput/2)
	}
}

func TestTheCounterTellsOfSplitting(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	m.room().edit.set(strings.Repeat("🎬", 160))
	shows(t, m, "320/320")
	typeText(m, "x")
	shows(t, m, "321/320 · 2 messages")
}
