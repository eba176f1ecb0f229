package room

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/rivo/uniseg"
)

func TestClean(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"plain", "hello, world", "hello, world"},
		{"markup is text", `<b>&amp;</b>`, `<b>&amp;</b>`},
		{"line end", "a\nb\r\nc\rd\u2028e\u0085f", "a b c d e f"},
		{"tab and feeds", "a\tb\vc\fd", "a b c d"},
		{"controls", "a\x00b\x07c\x08d\x7fe\u0081f", "abcdef"},

		{"colour", "a\x1b[31mred\x1b[0mb", "aredb"},
		{"colour in C1", "a\u009b31mred\u009b0mb", "aredb"},
		{"private CSI", "\x1b[?1049hx", "x"},
		{"CSI with intermediates", "\x1b[1 qx\x1b[!px", "xx"},
		{"cursor", "ok\x1b[2J\x1b[Hgone?", "okgone?"},
		{"title by BEL", "a\x1b]0;title\x07b", "ab"},
		{"title by ST", "a\x1b]0;title\x1b\\b", "ab"},
		{"title in C1", "a\u009d0;title\u009cb", "ab"},
		{"clipboard", "a\x1b]52;c;aGk=\x07b", "ab"},
		{"link", "\x1b]8;;http://x.example\x1b\\text\x1b]8;;\x1b\\", "text"},
		{"DCS", "a\x1bP1$r0m\x1b\\b\u0090q\u009cc", "abc"},
		{"APC, PM, SOS", "a\x1b_G\x1b\\b\x1b^x\x1b\\c\x1bXy\x1b\\d", "abcd"},
		{"charset", "a\x1b(0b", "ab"},
		{"reset", "a\x1bcb", "ab"},
		{"lone escape", "a\x1b", "a"},
		{"escape before text", "a\x1b\u00e9b", "a\u00e9b"},
		{"unfinished CSI hides nothing", "a\x1b[31", "a[31"},
		{"unfinished title hides nothing", "a\x1b]0;the rest", "a]0;the rest"},
		{"title broken off", "\x1b]0;x\x1b[1mbold", "]0;xbold"},
		{"escape made of pieces", "\x1b\x1b[1m[31mx", "[31mx"},
		{"terminator alone", "a\u009cb\x1b\\c", "abc"},

		{"bidi override", "abc\u202etxt.exe\u202c", "abctxt.exe"},
		{"bidi isolates and marks", "\u2066a\u2069\u200eb\u200fc\u061c", "abc"},
		{"hebrew stays", "\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd", "\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd"},
		{"zero width", "a\u200bb\u2060c\ufeffd\u00ade\u180ef", "abcdef"},
		{"fillers", "a\u115f\u1160\u3164\uffa0b", "ab"},
		{"annotation and object", "a\ufff9b\ufffac\ufffbd\ufffce", "abcde"},
		{"odd blanks", "a\u00a0b\u2003c\u202fd", "a b c d"},
		{"ideographic space", "日本\u3000語", "日本\u3000語"},
		{"braille blank is art", "⣿\u2800⣿", "⣿\u2800⣿"},
		{"hidden tags", "hi\U000e0068\U000e0069\U000e007f", "hi"},
		{"hidden selectors", "a\ufe0f\ufe00b\U000e0101", "ab"},

		{"family", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
		{"kiss with skin", "👩🏻\u200d❤\ufe0f\u200d💋\u200d👨🏻", "👩🏻\u200d❤\ufe0f\u200d💋\u200d👨🏻"},
		{"rainbow flag", "🏳\ufe0f\u200d🌈", "🏳\ufe0f\u200d🌈"},
		{"pirate flag", "🏴\u200d☠\ufe0f", "🏴\u200d☠\ufe0f"},
		{"scotland", "🏴" + tags("gbsct") + "!", "🏴" + tags("gbsct") + "!"},
		{"no such land", "🏴" + tags("zzsecret") + "!", "🏴!"},
		{"country", "🇫🇷🇩🇪", "🇫🇷🇩🇪"},
		{"keycap", "1\ufe0f\u20e3 #\ufe0f\u20e3", "1\ufe0f\u20e3 #\ufe0f\u20e3"},
		{"digit with selector", "1\ufe0f2", "12"},
		{"skin tone", "👍🏽", "👍🏽"},
		{"two skin tones", "👍🏽🏽", "👍🏽"},
		{"skin tone alone", "a🏽", "a"},
		{"new emoji", "\U0001fae9\U0001fafa", "\U0001fae9\U0001fafa"},
		{"joiner in latin", "a\u200db\u200cc", "abc"},
		{"joiner at the end", "👨\u200d", "👨"},
		{"persian non-joiner", "می\u200cخواهم", "می\u200cخواهم"},
		{"indic joiners", "क्\u200dष र\u200d्य", "क्\u200dष र\u200d्य"},

		{"mark without base", "\u0301a \u0301b", "a b"},
		{"vietnamese, decomposed", "Vie\u0323\u0302t", "Vie\u0323\u0302t"},
		{"thai", "ที่นี่กำลัง", "ที่นี่กำลัง"},
		{"hindi", "हिन्दी क्षत्रिय", "हिन्दी क्षत्रिय"},
		{"tibetan", "བསྒྲུབས", "བསྒྲུབས"},
		{"zalgo", "a" + strings.Repeat("\u0301", 50) + "b", "a\u0301\u0301\u0301\u0301b"},
		{"korean, decomposed", "한글", "한글"},
		{"katakana, halfwidth", "ｶﾞｷﾞ", "ｶﾞｷﾞ"},

		{"invalid", "a\xff\xfeb\xc3", "a\ufffdb\ufffd"},
		{"half a surrogate pair", "a\ufffd", "a\ufffd"},
		{"surrogate in UTF-8", "a\xed\xa0\x80b", "a\ufffdb"},
		{"private use", "a\ue0b0b\U000f0001", "a\ufffdb\ufffd"},
		{"noncharacters", "\ufdd0\U0001ffff\U0002fffe", "\ufffd\ufffd\ufffd"},
		{"unassigned", "\u0378", "\ufffd"},
	}
	for _, tt := range tests {
		if got := Clean(tt.in); got != tt.want {
			t.Errorf("%s: Clean(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

func TestCleanLines(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"a\nb\r\nc\rd\u2028e\u2029f\u0085g", "a\nb\nc\nd\ne\nf\ng"},
		{"\u0301a\n\u0301b", "a\nb"},
		{"a\tb\x1b[1m\n", "a b\n"},
		{"\x1b]0;x\nsecond\x07", "]0;x\nsecond"},
	}
	for _, tt := range tests {
		if got := CleanLines(tt.in); got != tt.want {
			t.Errorf("CleanLines(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// TestCleanKeepsLanguages holds Clean to leaving ordinary writing alone, and to
// doing so without a copy.
func TestCleanKeepsLanguages(t *testing.T) {
	for _, s := range languages {
		if got := Clean(s); got != s {
			t.Errorf("Clean(%q) = %q", s, got)
		}
		if n := testing.AllocsPerRun(10, func() { Clean(s) }); n != 0 {
			t.Errorf("Clean(%q) allocates %v times", s, n)
		}
	}
}

var languages = []string{
	"The quick brown fox; 100 % \"quoted\" ~tilde~ {braces}",
	"Příliš žluťoučký kůň úpěl ďábelské ódy",
	"Съешь же ещё этих мягких французских булок",
	"Ξεσκεπάζω τὴν ψυχοφθόρα βδελυγμία",
	"いろはにほへと\u3000ちりぬるを、ｱｲｳ。",
	"中文聊天室里的普通一句话，还有标点。",
	"다람쥐 헌 쳇바퀴에 타고파",
	"صِف خَلقَ خَودٍ كَمِثلِ الشَمسِ",
	"می\u200cخواهم نمی\u200cدانم",
	"בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים",
	"เป็นมนุษย์สุดประเสริฐเลิศคุณค่า",
	"ऋषियों को सताने वाले दुष्ट राक्षसों के राजा",
	"আমি বাংলায় গান গাই র\u200d্যাব",
	"යුනිකෝඩ් ශ්\u200dරී ලංකා",
	"தமிழ் മലയാളം ತಿಳಿವು తెలుగు",
	"ខ្ញុំអាចញ៉ាំកញ្ចក់បាន",
	"ကျွန်တော် ဘာသာပြန်",
	"བོད་སྐད་ བསྒྲུབས་པ",
	"Tiếng Việt, Tiê\u0301ng Viê\u0323t",
	"👩🏽\u200d🚀 👨\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 ❤\ufe0f\u200d🔥 1\ufe0f⃣ 🇯🇵 ☕ ▶\ufe0f 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
	"(╯°□°)╯︵ ┻━┻ ¯\\_(ツ)_/¯ ಠ_ಠ ʕ•ᴥ•ʔ",
	"⣿⣿⡿⠿⠛⠛⠿⢿⣿⣿ ▓▒░ ┌─┐",
}

func FuzzClean(f *testing.F) {
	for _, s := range append(languages, hostile(1), hostile(2), hostile(3)) {
		f.Add(s)
	}
	for _, s := range []string{
		"\x1b[31m", "\x1b]0;t\x07", "\u009b1m\u009c", "\x1bP\x1b\\", "\x1b\x1b[[mm",
		"a\u0301\u0301\u0301\u0301\u0301", "\u200d\u200d", "👨\u200d\ufe0f\u200d👩", "क्\u200d्\u200dष",
		strings.Repeat("👨\u200d", 40), strings.Repeat("क्", 40), strings.Repeat("ᄀ", 40),
		strings.Repeat("\u0d4e", 40) + "a", strings.Repeat("각", 20), strings.Repeat("ᄀ가", 20),
		"1\ufe0f\u20e3\ufe0f", "🏴\U000e0067\U000e0062", "\r\x00\n", "\xff\x80\xf0\x9f",
		"\u0600\u0600a\u0600", "🇦\u0301🇧🇨🇩", "ก" + strings.Repeat("ำ", 30),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkClean(t, s, Clean(s), false)
		checkClean(t, s, CleanLines(s), true)
	})
}

// checkClean holds a cleaned text to what Clean promises.
func checkClean(t *testing.T, in, out string, lines bool) {
	t.Helper()
	if !utf8.ValidString(out) {
		t.Fatalf("clean(%q) = %q is not UTF-8", in, out)
	}
	if again := clean(out, lines); again != out {
		t.Fatalf("clean(%q) = %q, and again %q", in, out, again)
	}
	// A single invalid byte becomes the three of U+FFFD.
	if len(out) > 3*len(in) {
		t.Fatalf("clean(%q) has %d bytes", in, len(out))
	}
	for _, r := range out {
		if forbidden(r) && !(lines && r == '\n') {
			t.Fatalf("clean(%q) = %q holds %U", in, out, r)
		}
	}
	width := 0
	for rest, state := out, -1; rest != ""; {
		var cluster string
		var w int
		cluster, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if n := utf8.RuneCountInString(cluster); n > maxCluster {
			t.Fatalf("clean(%q) has a cluster of %d characters: %q", in, n, cluster)
		}
		width += w
	}
	if got := uniseg.StringWidth(out); got != width || width > 2*utf8.RuneCountInString(out) {
		t.Fatalf("clean(%q) is %d cells wide, its clusters %d", in, got, width)
	}
	// The library that draws has tables of its own, of a newer Unicode.
	for rest := out; rest != ""; {
		cluster, _ := ansi.FirstGraphemeCluster(rest, ansi.GraphemeWidth)
		if n := utf8.RuneCountInString(cluster); n == 0 || n > maxCluster {
			t.Fatalf("clean(%q) draws %d characters as one: %q", in, n, cluster)
		}
		rest = rest[len(cluster):]
	}
	if ansi.Strip(out) != out {
		t.Fatalf("clean(%q) = %q still has escape sequences", in, out)
	}
}

// maxCluster is what the bounds of a cluster come to when they meet: a tail,
// its base, a syllable or a flag's tags.
const maxCluster = 1 + maxTail + 2*maxJamo

// forbidden is said here a second time, by other means than classify.
func forbidden(r rune) bool {
	switch {
	case unicode.IsControl(r), r == '\u2028', r == '\u2029', r == '\ufffc':
		return true
	case r >= 0xe0020 && r <= 0xe007f, r == '\u200c', r == '\u200d', r == '\ufe0e', r == '\ufe0f':
		return false // allowed where they belong; TestClean says where
	case 0x1fc00 > r && r >= 0x1f000, r >= 0x20000 && r < 0x3fffe:
		return false
	}
	return !unicode.IsGraphic(r)
}

// hostile is a text made of what clean has to deal with.
func hostile(seed uint64) string {
	pieces := []string{
		"\x1b[31m", "\x1b]0;t\x07", "\x1bP", "\u009b", "\u009c", "\x1b", "\x07", "\u202e", "\u2066", "\u200b",
		"\u200d", "\u200c", "\ufe0f", "\u0301", "\u0489", "\u20e3", "👨", "🏽", "❤", "🏴", tags("gbeng"), "\U000e0061",
		"क", "्", "ि", "ﾞ", "ำ", "ก", "ᄀ", "ᅡ", "ᆨ", "가", "\u0600", "\u0d4e", "م", "ש", "🇯", "a", "1", " ", "\n", "\r",
		"\xff", "\xf0\x9f", "\ue000", "\ufffe", "\u0378", "\u3164", "\u2028", "日",
	}
	rng := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	for range 300 {
		b.WriteString(pieces[rng.IntN(len(pieces))])
	}
	return b.String()
}

func TestCleanHostile(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		s := hostile(seed)
		checkClean(t, s, Clean(s), false)
		checkClean(t, s, CleanLines(s), true)
	}
}

func BenchmarkClean(b *testing.B) {
	for _, bm := range []struct{ name, text string }{
		{"ascii", strings.Repeat("an ordinary line of chat, ", 4)},
		{"japanese", strings.Repeat("今日の配信も楽しみです 🎉👍🏽 ", 4)},
		{"hindi", strings.Repeat("ऋषियों को सताने वाले ", 4)},
		{"hostile", hostile(1)},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(bm.text)))
			for b.Loop() {
				Clean(bm.text)
			}
		})
	}
}
