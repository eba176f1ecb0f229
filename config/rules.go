package config

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Highlight is a word to look out for in the chat.
type Highlight struct {
	Match  string `json:"match" required:"true" do:"write a word, or a regular expression between slashes" is:"match" example:"popcorn" doc:"A word, in any case, or a regular expression between slashes such as /spoilers?/."`
	Colour string `json:"colour" default:"accent" enum:"accent,good,warn,bad,link" doc:"The theme's role that the line is marked with: accent, good, warn, bad, link."`
	Bell   bool   `json:"bell" default:"false" doc:"Ring the terminal's bell."`
	Notify bool   `json:"notify" default:"false" doc:"Show a notification on the desktop, where the terminal can."`
}

// Filter hides lines while it is on.
type Filter struct {
	Name   string `json:"name" required:"true" do:"name it, for the list of filters" example:"links" doc:"What the filter is called; each needs its own."`
	Text   string `json:"text" is:"regexp" example:"https?://" doc:"Regular expression for what is said. Give text, user or both; both must match then."`
	User   string `json:"user" is:"regexp" doc:"Regular expression for who says it."`
	Active bool   `json:"active" default:"false" doc:"Whether it is on when the console starts."`
	Invert bool   `json:"invert" default:"false" doc:"Hide all lines but those that match."`
}

// Preset is an action with most of its words written down.
type Preset struct {
	Key      string `json:"key" is:"keys" example:"alt+k" doc:"Key that takes it, while a person or a line is selected; several with spaces between. Empty: from the palette alone."`
	Template string `json:"template" required:"true" do:"write a command such as kick {user} {reason}" is:"template" example:"kick {user} no links, please" doc:"The command. {user} is the person selected, {text} what they said; what else stands in braces is asked for."`
	Label    string `json:"label" example:"kick for links" doc:"What the palette calls it. Default: the template."`
}

// keyNames are the keys that have a name instead of a letter.
var keyNames = map[string]bool{
	"enter": true, "tab": true, "esc": true, "space": true, "backspace": true, "delete": true, "insert": true,
	"up": true, "down": true, "left": true, "right": true, "home": true, "end": true, "pgup": true, "pgdown": true,
}

// validKey says whether a key is spelt as the console matches it: a letter, a
// name or f1 to f20, with ctrl+, alt+ and shift+ before it in that order.
func validKey(text string) bool {
	for _, mod := range []string{"ctrl+", "alt+", "shift+"} {
		text = strings.TrimPrefix(text, mod)
	}
	if n, isF := strings.CutPrefix(text, "f"); isF && n != "" {
		number, err := strconv.Atoi(n)
		return err == nil && number >= 1 && number <= 20
	}
	return keyNames[text] || utf8.RuneCountInString(text) == 1 && text != " "
}

// keyList checks keys with spaces between.
func (d *decoder) keyList(text, path string) {
	for key := range strings.FieldsSeq(text) {
		if !validKey(key) {
			d.errorf(d.place(path), path, "write keys such as f5, alt+k, ctrl+up or esc, with spaces between several",
				"expected keys, found %s", d.shown(key, path))
			return
		}
	}
}

// regexp checks a regular expression; a match may be a plain word.
func (d *decoder) regexp(text string, f field, path string) {
	pattern := text
	if f.is == isMatch {
		inner, ok := MatchPattern(text)
		if !ok {
			return
		}
		pattern = inner
	}
	if _, err := regexp.Compile(pattern); err != nil {
		_, why, _ := strings.Cut(err.Error(), "error parsing regexp: ")
		d.errorf(d.place(path), path, "correct it; the syntax is Go's: https://pkg.go.dev/regexp/syntax",
			"expected a regular expression, found one with %s", d.shown(why, path))
	}
}

// MatchPattern is the expression of a Highlight's match that is written
// between slashes; ok is false for a plain word.
func MatchPattern(match string) (pattern string, ok bool) {
	if len(match) < 3 || !strings.HasPrefix(match, "/") || !strings.HasSuffix(match, "/") {
		return "", false
	}
	return match[1 : len(match)-1], true
}

// TemplatePart matches one {name} of a Preset's template.
var TemplatePart = regexp.MustCompile(`\{([a-z_]+)\}`)

func (d *decoder) template(text, path string) {
	rest := TemplatePart.ReplaceAllString(text, "")
	if strings.ContainsAny(rest, "{}") {
		d.errorf(d.place(path), path, "write them as {user}, {reason}: lower-case letters in a pair of braces",
			"expected names in braces, found %s", d.shown(rest, path))
	}
	if fields := strings.Fields(text); len(fields) > 0 && strings.HasPrefix(fields[0], "{") {
		d.errorf(d.place(path), path, "begin with the command's name, such as kick",
			"expected a command, found a name in braces")
	}
}

// rules holds the console's rules against what concerns more than one value.
func (d *decoder) rules(t *TUI) {
	names := make(map[string]string)
	for i, f := range t.Filters {
		path := "tui.filters[" + strconv.Itoa(i) + "]"
		if f.Text == "" && f.User == "" && !d.reported(path+".text") && !d.reported(path+".user") {
			d.errorf(d.place(path), path, "give it a text or a user", "expected something to filter by, found neither text nor user")
		}
		name := strings.ToLower(f.Name)
		if other, taken := names[name]; taken && name != "" {
			d.errorf(d.place(path+".name"), path+".name", "give each its own", "expected a name of its own, found the name of %s", other)
		}
		names[name] = path
		d.notEmpty(f.Name, path+".name")
	}
	for i, h := range t.Highlights {
		d.notEmpty(h.Match, "tui.highlights["+strconv.Itoa(i)+"].match")
	}
	for i, p := range t.Presets {
		d.notEmpty(p.Template, "tui.presets["+strconv.Itoa(i)+"].template")
	}
}
