package tui

import (
	"strings"
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

func TestCheckConfig(t *testing.T) {
	cases := []struct {
		tui  string
		want []string
	}{
		{"{keys: {help: f10}}", nil},
		{"{keys: {hepl: f10}}", []string{`c.yaml:4:20: tui.keys.hepl: expected the name of a key`}},
		{"{keys: {page_up: f10, users: f3}}", []string{`tui.keys.users: the key f3 is taken twice, for "playlist" and "users"`}},
		{"{keys: {quit: ''}}", []string{"tui.keys.quit: expected a key to quit by"}},
		{"{presets: [{key: ctrl+p, template: clear}]}", []string{"tui.presets[0].key: the key ctrl+p is taken twice"}},
	}
	for _, c := range cases {
		cfg, _, err := config.Parse("c.yaml", []byte("version: '2.0'\nnats: {url: nats://x}\nplatforms: [{domain: d, channel: c}]\ntui: "+c.tui+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		problems := CheckConfig(cfg)
		if len(problems) != len(c.want) {
			t.Errorf("%s: %v", c.tui, problems)
			continue
		}
		for i, p := range problems {
			if !strings.Contains(p.String(), c.want[i]) {
				t.Errorf("%s: %q, want %q", c.tui, p, c.want[i])
			}
		}
	}
	for name := range configKeys() {
		if strings.ToLower(name) != name || strings.Contains(name, " ") {
			t.Errorf("a binding is called %q", name)
		}
	}
}
