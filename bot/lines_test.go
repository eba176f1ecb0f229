package bot

import (
	"strings"
	"testing"

	"rosey/bus/room"
)

func TestSayLines(t *testing.T) {
	long := strings.Repeat("word ", 100)
	for _, tt := range []struct {
		name, text string
		want       []string // nil: refused
		cost       int
	}{
		{"plain", " hello & <b> ", []string{"hello & <b>"}, 1},
		{"lines", "one\r\ntwo\n\n three", []string{"one", "two", "three"}, 1},
		{"tab", "a\tb", []string{"a b"}, 1},
		{"action", "/me waves", []string{"/me waves"}, 2},
		{"action in capitals", "/ME waves", []string{"/me waves"}, 2},
		{"spoiler", "/sp he dies", []string{"/sp he dies"}, 2},
		{"afk", "/afk", []string{"/afk"}, 1},
		{"action of two lines", "/me waves\nand leaves", []string{"/me waves", "/me and leaves"}, 2},
		{"action with a slash behind", "/me /kick bob", []string{"/me /kick bob"}, 2},
		{"escaped", "//shrug", []string{"/shrug"}, 1},
		{"slash inside", "and/or", []string{"and/or"}, 1},
		{"empty", " \n\t ", nil, 0},
		{"action without text", "/me ", nil, 0},
		{"command", "/kick bob", nil, 0},
		{"unknown command", "/shrug", nil, 0},
		{"escaped command", "//kick bob", nil, 0},
		{"escaped command in capitals", "//KICK bob", nil, 0},
		{"escaped command, tab", "//kick\tbob", nil, 0},
		{"escaped command, control character", "//kick\x01bob", nil, 0},
		{"command behind a mark", "\ufeff /kick bob", nil, 0},
		{"command on a later line", "hello\n/kick bob", nil, 0},
		{"command on a later line, escaped first", "//hello\n /kick bob", nil, 0},
		{"too many lines", strings.Repeat("x\n", maxLines+1), nil, 0},
		{"too long", strings.Repeat("0123456789", 32*maxLines) + "1", nil, 0},
		{"long", long, []string{strings.TrimSpace(long[:320]), strings.TrimSpace(long[320:])}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lines, err := sayLines(tt.text)
			if (err != nil) != (tt.want == nil) {
				t.Fatalf("error %v", err)
			}
			var got []string
			for _, l := range lines {
				got = append(got, l.text)
				if l.cost != tt.cost {
					t.Errorf("line %q counts %d times, want %d", l.text, l.cost, tt.cost)
				}
			}
			if strings.Join(got, "|") != strings.Join(tt.want, "|") {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// A long text is never cut so that a part becomes a command.
func TestSayLinesCutsNoCommand(t *testing.T) {
	for pad := 280; pad < 330; pad++ {
		lines, err := sayLines(strings.Repeat("x", pad) + " /kick bob " + strings.Repeat("y ", 30))
		if err != nil {
			t.Fatalf("after %d: %v", pad, err)
		}
		for _, l := range lines {
			if strings.HasPrefix(l.text, "/") {
				t.Errorf("after %d: part %q", pad, l.text)
			}
		}
	}
}

func FuzzSayLines(f *testing.F) {
	for _, s := range []string{"hello", "/me x", "//x", "a\n/b", "\ufeff/kick a", strings.Repeat("é 🎬", 300), "\xff/", "//\u00a0kick"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines, err := sayLines(text)
		if err != nil {
			return
		}
		if len(lines) == 0 || len(lines) > maxLines {
			t.Fatalf("%d lines", len(lines))
		}
		for _, l := range lines {
			if n := room.UTF16Len(l.text); n > lineLimit {
				t.Errorf("%d units: CyTube would cut the line", n)
			}
			if strings.ContainsFunc(l.text, func(r rune) bool { return r < 0x20 }) {
				t.Errorf("control character in %q", l.text)
			}
			if word, ok := strings.CutPrefix(l.text, "/"); ok {
				word, _, _ = strings.Cut(word, " ")
				if word = strings.ToLower(word); chatCommands[word] && word != "me" && word != "sp" && word != "afk" {
					t.Errorf("CyTube would obey %q", l.text)
				}
			}
		}
	})
}

func TestPMLines(t *testing.T) {
	lines, err := pmLines("Bob", "/kick is only text here\nsecond line")
	if err != nil || len(lines) != 1 || lines[0].text != "/kick is only text here\nsecond line" || lines[0].to != "Bob" {
		t.Errorf("got %+v, %v", lines, err)
	}
	if _, err := pmLines("Bob", " "); err == nil {
		t.Error("an empty PM was accepted")
	}
}
