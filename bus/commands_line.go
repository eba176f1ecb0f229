package bus

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxLine is how many characters a command line may have.
const MaxLine = 10_000

// What can be wrong with a command line. Each is a sentence for the person who
// typed it.
var (
	ErrLineQuote   = errors.New("a quote is left open: close it, or put a word with a quote in it into the other kind of quotes")
	ErrLineControl = errors.New("the line has a control character in it: remove it")
	ErrLineUTF8    = errors.New("the line is not UTF-8 text")
	ErrLineLong    = fmt.Errorf("the line is too long: at most %d characters", MaxLine)
)

// SplitLine splits what a person typed into words. Blanks part words; a word
// may be put into "double" or 'single' quotes to hold blanks or to be empty. In
// double quotes \" and \\ stand for " and \. A quote counts only where a word
// begins or after another quoted part, so that don't and 5" stay what they are.
func SplitLine(line string) ([]string, error) {
	return SplitArgs(line, -1)
}

// SplitCommand splits what follows a command's name as its arguments ask: the
// last word is the text from a Rest argument on, as it was typed but for the
// blanks around it, so that say takes quotes and blanks as they are. Where that
// text is one quoted word the quotes go, as a shell's do.
func (c CommandInfo) SplitCommand(line string) ([]string, error) {
	for i, arg := range c.Args {
		if arg.Rest {
			return SplitArgs(line, i)
		}
	}
	return SplitLine(line)
}

// SplitArgs is SplitLine for the first n words; the text after them is one
// more word. With a negative n it splits all.
func SplitArgs(line string, n int) ([]string, error) {
	if err := checkLine(line); err != nil {
		return nil, err
	}
	var words []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		if len(words) == n {
			return append(words, restOf(line)), nil
		}
		word, rest, err := cutWord(line)
		if err != nil {
			return nil, err
		}
		words, line = append(words, word), rest
	}
	return words, nil
}

// CutCommand gives the first word of a line and, as it was typed, what follows
// it: for SplitCommand of the command that the word names.
func CutCommand(line string) (name, rest string, err error) {
	if err := checkLine(line); err != nil {
		return "", "", err
	}
	if line = strings.TrimSpace(line); line == "" {
		return "", "", nil
	}
	return cutWord(line)
}

func checkLine(line string) error {
	if !utf8.ValidString(line) {
		return ErrLineUTF8
	}
	if utf8.RuneCountInString(line) > MaxLine {
		return ErrLineLong
	}
	if strings.ContainsFunc(strings.TrimSpace(line), func(r rune) bool { return r != '\t' && unicode.IsControl(r) }) {
		return ErrLineControl
	}
	return nil
}

// restOf gives the text of a Rest argument.
func restOf(text string) string {
	if word, rest, err := cutWord(text); err == nil && rest == "" && (text[0] == '"' || text[0] == '\'') {
		return word
	}
	return text
}

// cutWord gives the first word of a line that begins with one.
func cutWord(line string) (word, rest string, err error) {
	var b strings.Builder
	for line != "" && (line[0] == '"' || line[0] == '\'') {
		if line, err = cutQuoted(&b, line); err != nil {
			return "", "", err
		}
	}
	end := strings.IndexFunc(line, unicode.IsSpace)
	if end < 0 {
		end = len(line)
	}
	b.WriteString(line[:end])
	return b.String(), line[end:], nil
}

// cutQuoted writes the quoted part that the line begins with and gives what
// follows it.
func cutQuoted(b *strings.Builder, line string) (rest string, err error) {
	quote := line[0]
	for i := 1; i < len(line); i++ {
		c := line[i]
		if c == quote {
			return line[i+1:], nil
		}
		if c == '\\' && quote == '"' && i+1 < len(line) && (line[i+1] == '"' || line[i+1] == '\\') {
			i++
			c = line[i]
		}
		b.WriteByte(c)
	}
	return "", ErrLineQuote
}

// QuoteWord writes a word so that SplitLine gives it back.
func QuoteWord(word string) string {
	if word != "" && word[0] != '"' && word[0] != '\'' && !strings.ContainsFunc(word, unicode.IsSpace) {
		return word
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(word) + `"`
}
