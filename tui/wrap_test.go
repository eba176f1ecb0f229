package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"rosey/bus/room"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		name, text string
		width      int
		want       []string
	}{
		{"empty", "", 5, []string{"     "}},
		{"fits", "abc", 5, []string{"abc  "}},
		{"exactly", "abcde", 5, []string{"abcde"}},
		{"words", "one two three", 8, []string{"one two ", "three   "}},
		{"space at the end", "abcde fgh", 5, []string{"abcde", "fgh  "}},
		{"long word", "abcdefghij", 4, []string{"abcd", "efgh", "ij  "}},
		{"long word behind a short one", "a bcdefghi", 4, []string{"a   ", "bcde", "fghi"}},
		{"new lines", "a\n\nb", 3, []string{"a  ", "   ", "b  "}},
		{"new line before a character that is not ASCII", "ab\nééé", 4, []string{"ab  ", "ééé "}},
		{"wide characters", "日本語", 5, []string{"日本 ", "語   "}},
		{"wide beside narrow", "ab日本", 4, []string{"ab日", "本  "}},
		{"emoji", "🎬🎬🎬", 4, []string{"🎬🎬", "🎬  "}},
		{"too wide for the row", "日", 1, []string{"?"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := wrapper{by: ansi.GraphemeWidth}
			got := w.wrap([]piece{{text: c.text}}, c.width, "")
			if strings.Join(got, "|") != strings.Join(c.want, "|") {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestWrapKeepsInksAcrossRows(t *testing.T) {
	w := wrapper{by: ansi.WcWidth}
	got := w.wrap([]piece{{"ab ", ""}, {"cd ef", "\x1b[1m"}}, 5, "")
	want := []string{"ab \x1b[1mcd\x1b[m", "\x1b[1mef\x1b[m   "}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%q, want %q", got, want)
	}
}

// FuzzWrap holds wrapping to what a window relies on: rows of exactly the
// width, and no character lost but spaces at the breaks.
func FuzzWrap(f *testing.F) {
	for _, s := range []string{"", "one two three", "日本語テキスト 🎬 wraps", "👨‍👩‍👧‍👦 family", "e\u0301\u0302 marks", "a\n\nb", strings.Repeat("x", 400)} {
		f.Add(s, "second piece", 17, true)
		f.Add(s, s, 1, false)
	}
	f.Fuzz(func(t *testing.T, a, b string, width int, byGrapheme bool) {
		if width < 2 || width > 500 {
			return
		}
		a, b = room.CleanLines(a), room.CleanLines(b)
		w := wrapper{by: ansi.WcWidth}
		if byGrapheme {
			w.by = ansi.GraphemeWidth
		}
		rows := w.wrap([]piece{{a, "\x1b[1m"}, {b, ""}}, width, "")
		for _, r := range rows {
			if n := w.by.StringWidth(r); n != width {
				t.Fatalf("%d cells in a row of %d: %q", n, width, r)
			}
		}
		if w.by == ansi.WcWidth && width < 12 {
			return // one cluster may be wider than the row and become a "?"
		}
		lost := func(s string) string {
			return strings.Map(func(r rune) rune {
				if r == ' ' || r == '\n' {
					return -1
				}
				return r
			}, s)
		}
		if got, want := lost(ansi.Strip(strings.Join(rows, ""))), lost(a+b); len(want) < 2000 && got != want && !strings.Contains(got, "?") {
			t.Fatalf("%q became %q", want, got)
		}
	})
}
