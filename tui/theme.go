package tui

import (
	"hash/fnv"
	"image/color"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"rosey/bus/room"
)

// A palette gives each role a colour; nil is the terminal's own. Themes choose
// palettes and nothing else.
type palette struct {
	about     string
	text      color.Color
	muted     color.Color // times, hints, joins: there, not in the way
	border    color.Color
	accent    color.Color // the one colour that means "look here"
	good      color.Color
	warn      color.Color
	bad       color.Color
	quote     color.Color // greentext
	link      color.Color
	selection color.Color   // background of the chosen line; nil: reversed
	names     []color.Color // a name keeps its colour
	plain     bool          // no colours: attributes alone tell roles apart
}

// basicPalette takes a theme's place where the terminal has 16 colours: the
// nearest of those to a soft grey can be the background itself.
var basicPalette = palette{
	muted:  ansi.BrightBlack,
	border: ansi.BrightBlack,
	accent: ansi.BrightRed,
	good:   ansi.Green,
	warn:   ansi.Yellow,
	bad:    ansi.BrightRed,
	quote:  ansi.Green,
	link:   ansi.Blue,
	names:  []color.Color{ansi.Blue, ansi.Magenta, ansi.Cyan, ansi.Yellow, ansi.Green, ansi.BrightBlue, ansi.BrightMagenta, ansi.BrightCyan},
}

// An ink is a way to write: the sequence that starts it, empty for plain.
type ink string

func (k ink) paint(s string) string {
	if k == "" || s == "" {
		return s
	}
	return string(k) + s + ansi.ResetStyle
}

// styles are a palette made ready to write with.
type styles struct {
	text, muted, border, accent, strong   ink
	good, warn, bad                       ink
	quote, link, emote, action, shout     ink
	whisper, strike, code, spoiler, title ink
	hit                                   ink // goes over another ink: what was looked for
	selected                              ink // goes under another ink
	tab                                   ink // the room that is shown
	chosen, danger                        ink // the button that enter presses, and one that harms
	names                                 []ink
}

// newStyles makes the styles of a theme for a terminal's colours.
func newStyles(all themes, theme string, profile colorprofile.Profile) *styles {
	p := all[theme]
	if profile == colorprofile.ANSI && !p.plain && !p.basic() {
		p = basicPalette
	}
	if profile < colorprofile.ANSI {
		p = palette{plain: true}
	}
	if p.plain {
		return plainStyles()
	}
	return p.styles()
}

// basic tells whether a palette has only the terminal's own sixteen colours.
func (p palette) basic() bool {
	for _, c := range p.roles() {
		if _, own := (*c).(ansi.BasicColor); *c != nil && !own {
			return false
		}
	}
	return true
}

func (p palette) styles() *styles {
	in := func(s ansi.Style, c color.Color) ink {
		if c != nil {
			s = s.ForegroundColor(c)
		}
		if len(s) == 0 {
			return ""
		}
		return ink(s.String())
	}
	var none ansi.Style
	s := &styles{
		text:    in(none, p.text),
		muted:   in(none, p.muted),
		border:  in(none, p.border),
		accent:  in(none, p.accent),
		strong:  in(none.Bold(), p.text),
		good:    in(none, p.good),
		warn:    in(none, p.warn),
		bad:     in(none.Bold(), p.bad),
		quote:   in(none, p.quote),
		link:    in(none.Underline(true), p.link),
		emote:   in(none.Italic(true), p.link),
		action:  in(none.Italic(true), p.text),
		shout:   in(none.Bold(), p.accent),
		whisper: in(none.Italic(true), p.muted),
		strike:  in(none.Strikethrough(true), p.muted),
		code:    in(none, p.warn),
		spoiler: in(none, p.muted),
		title:   in(none.Bold(), p.accent),
		tab:     in(none.Bold(), p.text),
		chosen:  in(none.Reverse(true), p.text),
		danger:  in(none.Bold().Reverse(true), p.bad),
		hit:     in(none.Bold().Underline(true), p.accent),
	}
	s.selected = ink(none.Reverse(true).String())
	if p.selection != nil {
		s.selected = ink(none.BackgroundColor(p.selection).String())
	}
	for _, c := range p.names {
		s.names = append(s.names, in(none, c))
	}
	return s
}

// plainStyles use no colour at all.
func plainStyles() *styles {
	bold, faint := ink(ansi.Style{}.Bold().String()), ink(ansi.Style{}.Faint().String())
	italic, line := ink(ansi.Style{}.Italic(true).String()), ink(ansi.Style{}.Underline(true).String())
	return &styles{
		muted: faint, border: faint, accent: bold, strong: bold,
		warn: bold, bad: ink(ansi.Style{}.Bold().Reverse(true).String()),
		link: line, emote: italic, action: italic, shout: bold,
		whisper: faint, strike: ink(ansi.Style{}.Strikethrough(true).String()), spoiler: faint,
		title: bold, tab: ink(ansi.Style{}.Bold().Underline(true).String()),
		selected: ink(ansi.Style{}.Reverse(true).String()),
		chosen:   ink(ansi.Style{}.Reverse(true).String()), danger: ink(ansi.Style{}.Bold().Reverse(true).String()),
		hit:   bold + line,
		names: []ink{bold},
	}
}

// name is the ink of a person's name: the same for every spelling of it, in
// every run.
func (s *styles) name(name string) ink {
	if len(s.names) == 0 {
		return s.strong
	}
	h := fnv.New32a()
	h.Write([]byte(room.Fold(name)))
	return s.names[h.Sum32()%uint32(len(s.names))]
}

// role is the ink of a role that the config names.
func (s *styles) role(name string) ink {
	switch name {
	case "good":
		return s.good
	case "warn":
		return s.warn
	case "bad":
		return s.bad
	case "link":
		return s.link
	}
	return s.accent
}
