package tui

import (
	"slices"
	"testing"

	"rosey/config"
)

func mustRules(tb testing.TB, t config.TUI) *rules {
	tb.Helper()
	r, err := compileRules(t)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func TestJudge(t *testing.T) {
	r := mustRules(t, config.TUI{
		Highlights: []config.Highlight{
			{Match: "Popcorn", Colour: "good"},
			{Match: `/spoilers?\b/`, Colour: "warn", Bell: true},
		},
		Ignore: []string{"Troll"},
		Filters: []config.Filter{
			{Name: "links", Text: `https?://`, Active: true},
			{Name: "shouting bob", Text: `^[A-Z ]+$`, User: `(?i)^bob$`, Active: true},
			{Name: "only alice", User: "^Alice$", Invert: true},
		},
	})
	cases := []struct {
		what   string
		line   *line
		hidden bool
		role   string
	}{
		{"plain", said(lineChat, "bob", "hello"), false, ""},
		{"a word in any case", said(lineChat, "bob", "more POPCORN!"), false, "good"},
		{"a word inside another", said(lineChat, "bob", "popcorns"), false, ""},
		{"an expression", said(lineAction, "bob", "has a spoiler"), false, "warn"},
		{"an expression goes by case", said(lineChat, "bob", "SPOILER alert"), false, ""},
		{"the first of two", said(lineChat, "bob", "popcorn and spoilers"), false, "good"},
		{"ignored in any case", said(lineChat, "tRoLL", "popcorn"), true, ""},
		{"ignored and private", said(linePM, "troll", "psst"), true, ""},
		{"ignored and coming", said(lineJoin, "troll", "joined"), true, ""},
		{"what was done to them shows", said(lineMod, "troll", "was muted"), false, ""},
		{"by text", said(lineChat, "carol", "see https://x"), true, ""},
		{"by text and user", said(lineChat, "Bob", "HELLO THERE"), true, ""},
		{"the text of another user", said(lineChat, "carol", "HELLO THERE"), false, ""},
		{"joins are not marked", said(lineJoin, "popcorn", "joined · also known as popcorn"), false, ""},
		{"notices always show", said(lineNotice, "", "see https://x popcorn"), false, ""},
	}
	for _, c := range cases {
		v := r.judge(c.line)
		role := ""
		if v.mark != nil {
			role = v.mark.role
		}
		if v.hidden != c.hidden || role != c.role {
			t.Errorf("%s: hidden %v, role %q; want %v, %q", c.what, v.hidden, role, c.hidden, c.role)
		}
	}

	only := r.filter("ONLY ALICE")
	only.active = true
	if r.judge(said(lineChat, "Alice", "hi")).hidden || !r.judge(said(lineChat, "bob", "hi")).hidden {
		t.Error("an inverted filter does not leave just what matches")
	}
	only.invert = false
	if !r.judge(said(lineChat, "Alice", "hi")).hidden || r.judge(said(lineChat, "bob", "hi")).hidden {
		t.Error("inverting at run time has no effect")
	}
	if r.filter("none such") != nil {
		t.Error("found a filter that is not there")
	}
}

func TestFiltersKeepHowTheyWereSwitched(t *testing.T) {
	was := config.TUI{Filters: []config.Filter{{Name: "a", Text: "x"}, {Name: "b", Text: "x"}, {Name: "c", Text: "x"}}}
	is := config.TUI{Filters: []config.Filter{{Name: "a", Text: "x"}, {Name: "b", Text: "y"}, {Name: "d", Text: "x"}}}
	before := mustRules(t, was)
	for _, f := range before.filters {
		f.active, f.invert = true, true
	}
	after := mustRules(t, is)
	after.keep(before, was, is)
	for name, want := range map[string]bool{"a": true, "b": false, "d": false} {
		if f := after.filter(name); f.active != want || f.invert != want {
			t.Errorf("%s: %s; want switched %v", name, f, want)
		}
	}
}

func TestBadRulesAreAnError(t *testing.T) {
	for _, c := range []config.TUI{
		{Highlights: []config.Highlight{{Match: "/(/"}}},
		{Filters: []config.Filter{{Name: "x", Text: "("}}},
		{Filters: []config.Filter{{Name: "x", User: "("}}},
	} {
		if _, err := compileRules(c); err == nil {
			t.Errorf("taken: %+v", c)
		}
	}
}

func TestPresets(t *testing.T) {
	cases := []struct {
		template string
		values   map[string]string
		want     string
		missing  []string
	}{
		{"kick {user} {reason}", map[string]string{"user": "bob", "reason": "no links, please"}, "kick bob no links, please", nil},
		{"kick {user} {reason}", map[string]string{"user": "bob"}, "kick bob", []string{"reason"}},
		{"mute {user}", map[string]string{"user": "bob"}, "mute bob", nil},
		{"say {text} said {user}", map[string]string{"user": "bob", "text": `a "b" c`}, `say "a \"b\" c" said bob`, nil},
		{"pm {user} hi {user}", nil, `pm "" hi`, []string{"user"}},
		{"clear", map[string]string{"user": "bob"}, "clear", nil},
	}
	for _, c := range cases {
		p := newPreset(config.Preset{Template: c.template})
		if got := p.missing(c.values); !slices.Equal(got, c.missing) {
			t.Errorf("%s: missing %q, want %q", c.template, got, c.missing)
		}
		if got := p.expand(c.values); got != c.want {
			t.Errorf("%s: %q, want %q", c.template, got, c.want)
		}
	}
	p := newPreset(config.Preset{Template: "mute {user}", Key: "alt+k f12"})
	if p.label != "mute {user}" || !p.key.Enabled() || p.key.Help().Key != "alt+k" {
		t.Errorf("label %q, key %v", p.label, p.key.Help())
	}
	if newPreset(config.Preset{Template: "x"}).key.Enabled() {
		t.Error("a preset without a key has one")
	}
}
