package room

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/rivo/uniseg"
)

func TestUTF16Len(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{"": 0, "abc": 3, "é": 1, "日本": 2, "👍": 2, "👨\u200d👩": 5, "\xff": 1} {
		if got := UTF16Len(s); got != want {
			t.Errorf("UTF16Len(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		text  string
		limit int
		want  []string
	}{
		{"nothing", "", 10, nil},
		{"blank", " \n\t ", 10, nil},
		{"fits", "hello", 5, []string{"hello"}},
		{"words", "one two three four", 9, []string{"one two", "three", "four"}},
		{"blank right behind", "hello world", 5, []string{"hello", "world"}},
		{"several blanks", "hello     world", 7, []string{"hello", "world"}},
		{"lines before words", "one\ntwo three", 9, []string{"one", "two three"}},
		{"lines together", "a\nb\nc\nd", 5, []string{"a\nb\nc", "d"}},
		{"indent stays behind a line end", "head:\n  1. x\n  2. y", 14, []string{"head:\n  1. x", "  2. y"}},
		{"empty lines at a cut", "one\n\n\ntwo", 4, []string{"one", "two"}},
		{"indent alone", "    word", 5, []string{"    w", "ord"}},
		{"long word", "abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"no blanks", "日本語の文", 2, []string{"日本", "語の", "文"}},
		{"two units", "👍👍👍", 5, []string{"👍👍", "👍"}},
		{"grapheme stays whole", "aaa👨\u200d👩", 7, []string{"aaa", "👨\u200d👩"}},
		{"grapheme too long", "👨\u200d👩\u200d👧", 4, []string{"👨\u200d", "👩\u200d", "👧"}},
		{"limit below one character", "a👍", 0, []string{"a", "👍"}},
	}
	for _, tt := range tests {
		if got := Split(tt.text, tt.limit); !slices.Equal(got, tt.want) {
			t.Errorf("%s: Split(%q, %d) = %q, want %q", tt.name, tt.text, tt.limit, got, tt.want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range append(languages, "a\n\n  b", strings.Repeat("word ", 100), strings.Repeat("x", 700), " 👨\u200d👩\u200d👧 ", "\xff \xfe") {
		f.Add(s, 20)
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		s, limit = CleanLines(s), limit%400 // what is split has been cleaned
		parts := Split(s, limit)
		limit = max(limit, 2)
		rest, bounds := s, boundaries(s, limit)
		for _, p := range parts {
			if strings.TrimSpace(p) == "" {
				t.Fatalf("Split(%q, %d) has a blank part", s, limit)
			}
			if n := len(utf16.Encode([]rune(p))); n > limit {
				t.Fatalf("Split(%q, %d) has a part of %d units: %q", s, limit, n, p)
			}
			// Only white space may lie between one part and the next.
			i := strings.Index(rest, p)
			if i < 0 || strings.TrimSpace(rest[:i]) != "" {
				t.Fatalf("Split(%q, %d) loses more than blanks: %q", s, limit, parts)
			}
			rest = rest[i+len(p):]
			if end := len(s) - len(rest); !bounds[end] || !bounds[end-len(p)] {
				t.Fatalf("Split(%q, %d) cuts a grapheme: %q", s, limit, parts)
			}
		}
		if strings.TrimSpace(rest) != "" {
			t.Fatalf("Split(%q, %d) loses its end %q", s, limit, rest)
		}
	})
}

// boundaries are the places where a text may be cut: between graphemes, and
// anywhere inside those that no part can hold.
func boundaries(s string, limit int) map[int]bool {
	bounds := map[int]bool{0: true}
	at, state := 0, -1
	for rest := s; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if UTF16Len(cluster) > limit {
			for i := range cluster {
				bounds[at+i] = true
			}
		}
		at += len(cluster)
		bounds[at] = true
	}
	return bounds
}

func TestCommonStart(t *testing.T) {
	exact := func(a, b string) bool { return a == b }
	for _, test := range []struct {
		names []string
		same  func(a, b string) bool
		want  string
	}{
		{[]string{"config.json"}, exact, "config.json"},
		{[]string{"config.json", "config.yaml"}, exact, "config."},
		{[]string{"config", "config.json"}, exact, "config"},
		{[]string{"Alice", "alex"}, exact, ""},
		{[]string{"Alice", "alex"}, strings.EqualFold, "Al"},
		{[]string{"e\u0301a", "e\u0301b"}, exact, "e\u0301"},
		{[]string{"e\u0301", "e\u0300"}, exact, ""},
		{[]string{"日本", "日光"}, exact, "日"},
		{[]string{"", "a"}, exact, ""},
	} {
		if got := CommonStart(test.names, test.same); got != test.want {
			t.Errorf("%q have %q in common, want %q", test.names, got, test.want)
		}
	}
}
