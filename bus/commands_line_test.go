package bus

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestSplitLine(t *testing.T) {
	for _, test := range []struct {
		line string
		want []string
		err  error
	}{
		{"", nil, nil},
		{" \t \n", nil, nil},
		{"users", []string{"users"}, nil},
		{"  kick\tbob   caps lock \r\n", []string{"kick", "bob", "caps", "lock"}, nil},
		{`kick "Bob the Great" 'caps "lock"'`, []string{"kick", "Bob the Great", `caps "lock"`}, nil},
		{`note bob ""`, []string{"note", "bob", ""}, nil},
		{`say "a \"b\" \\ \n"`, []string{"say", `a "b" \ \n`}, nil},
		{`say 'a \'`, []string{"say", `a \`}, nil},
		{`"a"'b'c d`, []string{"abc", "d"}, nil},
		{`say don't worry, 5" is enough`, []string{"say", "don't", "worry,", `5"`, "is", "enough"}, nil},
		{`say ¯\_(ツ)_/¯`, []string{"say", `¯\_(ツ)_/¯`}, nil},
		{"kick\u00a0bob", []string{"kick", "bob"}, nil},
		{`kick "bob caps`, nil, ErrLineQuote},
		{`kick 'bob "caps"`, nil, ErrLineQuote},
		{`kick "bob\"`, nil, ErrLineQuote},
		{`"`, nil, ErrLineQuote},
		{"kick b\x1b[2Job", nil, ErrLineControl},
		{"kick bob\x00", nil, ErrLineControl},
		{"say one\nkick bob", nil, ErrLineControl},
		{"say \u009b2J", nil, ErrLineControl},
		{"kick b\xffb", nil, ErrLineUTF8},
		{strings.Repeat("é", MaxLine), []string{strings.Repeat("é", MaxLine)}, nil},
		{strings.Repeat("x", MaxLine+1), nil, ErrLineLong},
	} {
		words, err := SplitLine(test.line)
		if !slices.Equal(words, test.want) || !errors.Is(err, test.err) || (err == nil) != (test.err == nil) {
			t.Errorf("%.40q: %q, %v; want %q, %v", test.line, words, err, test.want, test.err)
		}
	}
}

func TestRestOfALineStaysAsTyped(t *testing.T) {
	say := CommandInfo{Args: []ArgInfo{{Name: "message", Rest: true}}}
	kick := CommandInfo{Args: []ArgInfo{{Name: "user"}, {Name: "reason", Rest: true}}}
	move := CommandInfo{Args: []ArgInfo{{Name: "from"}, {Name: "to"}}}
	for _, test := range []struct {
		command CommandInfo
		line    string
		want    []string
		err     error
	}{
		{say, ` he said  "hi" to 'em `, []string{`he said  "hi" to 'em`}, nil},
		{say, `'tis the season`, []string{`'tis the season`}, nil},
		{say, `"all of it"`, []string{"all of it"}, nil},
		{say, `"this" and "that"`, []string{`"this" and "that"`}, nil},
		{say, "a\x07b", nil, ErrLineControl},
		{kick, `"Bob the Great" it's   enough`, []string{"Bob the Great", "it's   enough"}, nil},
		{kick, `"Bob the Great"`, []string{"Bob the Great"}, nil},
		{kick, `"Bob the`, nil, ErrLineQuote},
		{move, `1 "2" 3`, []string{"1", "2", "3"}, nil},
	} {
		words, err := test.command.SplitCommand(test.line)
		if !slices.Equal(words, test.want) || !errors.Is(err, test.err) {
			t.Errorf("%q: %q, %v; want %q, %v", test.line, words, err, test.want, test.err)
		}
	}
}

func FuzzSplitLine(f *testing.F) {
	for _, line := range []string{"kick bob caps", `say "a \"b\\" 'c d'e`, `"`, `don't 5" ''`, "a\x1bb", "\u00a0x"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		words, err := SplitLine(line)
		if err != nil {
			if words != nil {
				t.Fatalf("words beside %v", err)
			}
			return
		}
		var quoted []string
		for _, word := range words {
			quoted = append(quoted, QuoteWord(word))
		}
		again, err := SplitLine(strings.Join(quoted, " "))
		if err == nil && !slices.Equal(again, words) || err != nil && !errors.Is(err, ErrLineLong) {
			t.Fatalf("%q gave %q, which quoted gave %q, %v", line, words, again, err)
		}
	})
}
