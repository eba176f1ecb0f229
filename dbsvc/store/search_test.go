package store

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var talk = []struct{ room, user, text string }{
	{"primary", "alice", "the movie starts in five minutes"},
	{"primary", "bob_the-2nd", "which movie is it?"},
	{"primary", "alice", "日本語のテキストです"},
	{"other", "ALICE", "five more minutes, don't panic"},
	{"primary", "zoë", "Café au lait 🎬 popcorn"},
	{"primary", "bob_the-2nd", "MOVIE NIGHT!!! 100% kino"},
	{"primary", "bob", "สวัสดีครับ and 한국어 텍스트"},
	{"primary", "eve", `AND OR NOT "quoted" col:umn (paren) NEAR(x y)`},
}

func talking(t testing.TB) *Store {
	t.Helper()
	s := openFresh(t)
	var writes []Write
	for i, l := range talk {
		writes = append(writes, Line{Room: l.room, User: l.user, HTML: l.text, Text: l.text, Time: at(float64(i))})
	}
	apply(t, s, writes...)
	return s
}

func TestSearch(t *testing.T) {
	s := talking(t)
	second := func(n float64) time.Time { return time.UnixMilli(at(n)) }
	for _, test := range []struct {
		q    Search
		want string // indexes into talk
	}{
		{Search{Text: "movie"}, "5 1 0"},
		{Search{Text: "MoViE night"}, "5"},
		{Search{Text: `"five minutes"`}, "0"},
		{Search{Text: "five minutes"}, "3 0"},
		{Search{Text: "movie -night"}, "1 0"},
		{Search{Text: `movie -night -"five minutes"`}, "1"},
		{Search{Text: "-movie -text*"}, "7 6 4 3 2"},
		{Search{Text: "min*"}, "3 0"},
		{Search{Text: "min"}, ""},
		{Search{Text: "don't"}, "3"},
		{Search{Text: "cafe"}, "4"},
		{Search{Text: "🎬"}, "4"},
		{Search{Text: "100%"}, "5"},
		{Search{Text: "日本"}, "2"},
		{Search{Text: "本語"}, "2"},
		{Search{Text: "テキスト"}, "2"},
		{Search{Text: "ﾃｷｽﾄ"}, "2"},
		{Search{Text: "語本"}, ""},
		{Search{Text: "국어"}, "6"},
		{Search{Text: "สวัสดี"}, "6"},
		{Search{Text: `AND`}, "7 6"},
		{Search{Text: `"quoted" NOT (paren) NEAR(x col:umn`}, "7"},
		{Search{Text: "movie", User: "BOB_the-2nd"}, "5 1"},
		{Search{User: "alice"}, "3 2 0"},
		{Search{User: "bob"}, "6"},
		{Search{User: "alice", Text: "-movie"}, "3 2"},
		{Search{Room: "other"}, "3"},
		{Search{Room: "primary", Text: "minutes"}, "0"},
		{Search{Text: "movie", Since: second(1), Before: second(5)}, "1"},
		{Search{Since: second(6)}, "7 6"},
		{Search{Before: second(1)}, "0"},
		{Search{}, "7 6 5 4 3 2 1 0"},
		{Search{OldestFirst: true}, "0 1 2 3 4 5 6 7"},
		{Search{OldestFirst: true, Since: second(2), Before: second(4)}, "2 3"},
		{Search{OldestFirst: true, Text: "movie", Room: "primary"}, "0 1 5"},
		{Search{Pattern: regexp.MustCompile(`(?i)^movie|it\?$`)}, "5 1"},
		{Search{Pattern: regexp.MustCompile("^[A-Z]"), OldestFirst: true, Since: second(4)}, "4 5 7"},
		{Search{Pattern: regexp.MustCompile("^the"), Text: "movie"}, "0"},
		{Search{Pattern: regexp.MustCompile("."), User: "alice", Room: "other"}, "3"},
		{Search{Pattern: regexp.MustCompile("^$")}, ""},
		{Search{Text: "!!!"}, ""},
		{Search{Text: "-"}, ""},
		{Search{Text: `"`}, ""},
		{Search{Text: `-"`}, ""},
		{Search{Text: "*"}, ""},
	} {
		test.q.Limit = 50
		found, err := s.Search(t.Context(), test.q)
		if err != nil || found.More {
			t.Errorf("%+v: more %v, %v", test.q, found.More, err)
		}
		var got []string
		for _, h := range found.Hits {
			i := (h.Time - at(0)) / 1000
			if l := talk[i]; h.Room != l.room || h.User != l.user || h.Text != l.text {
				t.Errorf("%+v is not %+v", h, l)
			}
			got = append(got, fmt.Sprint(i))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%+v found %v, want %s", test.q, got, test.want)
		}
	}
}

func TestSearchPages(t *testing.T) {
	s := openFresh(t)
	var writes []Write
	for i := range 25 {
		writes = append(writes, line("bob", "again", float64(i)))
	}
	apply(t, s, writes...)
	seen := 0
	for offset, want := range map[int]int{0: 10, 10: 10, 20: 5, 30: 0} {
		found, err := s.Search(t.Context(), Search{Text: "again", Limit: 10, Offset: offset})
		if err != nil || len(found.Hits) != want || found.More != (offset < 15) {
			t.Errorf("from %d: %d hits, more %v, %v", offset, len(found.Hits), found.More, err)
		}
		seen += len(found.Hits)
	}
	if seen != 25 {
		t.Errorf("%d hits in all pages", seen)
	}
}

// TestPatternInRounds looks through more lines than one search may.
func TestPatternInRounds(t *testing.T) {
	s := openFresh(t)
	var writes []Write
	for i := range 100 {
		writes = append(writes, line("bob", fmt.Sprintf("line %d", i), float64(i)))
	}
	apply(t, s, writes...)
	s.patternLines = 30
	for _, oldestFirst := range []bool{false, true} {
		q := Search{Pattern: regexp.MustCompile("^line (5|95)$"), Limit: 10, OldestFirst: oldestFirst}
		var got []string
		rounds := 0
		for more := true; more; rounds++ {
			found, err := s.Search(t.Context(), q)
			if err != nil || found.More != (found.Reached != 0) {
				t.Fatalf("%+v, %v", found, err)
			}
			for _, h := range found.Hits {
				got = append(got, h.Text)
			}
			if more = found.More; oldestFirst {
				q.Since = time.UnixMilli(found.Reached)
			} else {
				q.Before = time.UnixMilli(found.Reached + 1)
			}
		}
		want := []string{"line 95", "line 5"}
		if oldestFirst {
			slices.Reverse(want)
		}
		if expect(t, "hits", got, want); rounds != 4 {
			t.Errorf("%d rounds", rounds)
		}
	}
	found, err := s.Search(t.Context(), Search{Pattern: regexp.MustCompile("9$"), Limit: 1, Offset: 1})
	if err != nil || len(found.Hits) != 1 || found.Hits[0].Text != "line 89" || !found.More || found.Reached != 0 {
		t.Errorf("second page: %+v, %v", found, err)
	}
}

// FuzzSearch says that nothing a person types is an error, and that what is
// stored is found by its own words.
func FuzzSearch(f *testing.F) {
	s := talking(f)
	for _, seed := range []string{"movie", `"five minutes`, `a" OR b`, "-x -", "*", "NEAR(", "text:x", "{text user} : x", "^a", "a + b", "\x00", "日本*", "\xff\xfe", "🎬", "-🎬", `""""`, "0\x00"} {
		f.Add(seed, "bob")
	}
	f.Add("x", `eve" OR "`)
	f.Fuzz(func(t *testing.T, text, user string) {
		for _, q := range []Search{{Text: text}, {User: user}, {Text: text, User: user}, {Text: "-" + text}} {
			q.Limit = 5
			if _, err := s.Search(t.Context(), q); err != nil {
				t.Errorf("%+v: %v", q, err)
			}
		}
		if isASCII(text) && words(text) != text {
			t.Errorf("ASCII text %q became %q", text, words(text))
		}
		if utf8.ValidString(text) && !utf8.ValidString(words(text)) {
			t.Errorf("words of %q are not UTF-8", text)
		}
	})
}

func TestQueries(t *testing.T) {
	s := openFresh(t)
	ctx := t.Context()
	if lines, err := s.RecentChat(ctx, 5); err != nil || lines == nil || len(lines) != 0 {
		t.Errorf("nothing yet: %v, %v", lines, err)
	}
	apply(t, s,
		line("bob", "2", 2), line("bob", "3a", 3), line("bob", "3b", 3.1), line("eve", "3c", 3.2), line("eve", "1, late", 1),
		Count{2, 5, at(4)}, Count{3, 6, at(5)}, Count{1, 7, at(6)})

	for limit, want := range map[int]string{1: "3c", 2: "3b 3c", 3: "3a 3b 3c", 4: "2 3a 3b 3c", 9: "1, late 2 3a 3b 3c"} {
		lines, err := s.RecentChat(ctx, limit)
		var got []string
		for _, l := range lines {
			got = append(got, l.Message)
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("last %d: %v, want %s, %v", limit, got, want, err)
		}
	}

	top, err := s.TopChatters(ctx, 1, 0)
	expectErr(t, err)
	expect(t, "top", top, []UserStats{{"bob", at(2) / 1000, at(3) / 1000, 3, 0, 0, 0, 0}})
	top, err = s.TopChatters(ctx, 5, 1)
	expectErr(t, err)
	expect(t, "second", top, []UserStats{{"eve", at(1) / 1000, at(3) / 1000, 2, 0, 0, 0, 0}})
	if u, err := s.User(ctx, "nobody"); u != nil || err != nil {
		t.Errorf("nobody: %+v, %v", u, err)
	}

	counts, err := s.Counts(ctx, time.UnixMilli(at(4)), 2)
	expectErr(t, err)
	expect(t, "counts", counts, []Counted{{at(5) / 1000, 3, 6}, {at(6) / 1000, 1, 7}})
	c, err := s.Channel(ctx)
	if want := (ChannelStats{TotalUsers: 2, TotalLines: 5}); err != nil || c != want {
		t.Errorf("channel: %+v, %v", c, err)
	}
}

func expectErr(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func TestLinesOfV050BecomeSearchableOnce(t *testing.T) {
	s := openAt(t, fixture(t, "bot_data.db"))
	defer s.closeAll()
	before := dump(t, s.read, "SELECT * FROM user_stats")
	apply(t, s, line("eve", "hello", 0))
	for _, want := range []int{900, 0} {
		if n, err := s.ImportRecent(t.Context(), func(html string) string { return strings.ToUpper(html) }); err != nil || n != want {
			t.Errorf("imported %d, want %d, %v", n, want, err)
		}
	}
	expect(t, "lines", dump(t, s.read, "SELECT count(*), count(DISTINCT text) > 3, sum(text = upper(text)) FROM rosey_chat"), []string{"901|1|900"})
	found, err := s.Search(t.Context(), Search{Text: "日本語", Limit: 500})
	if hits := found.Hits; err != nil || found.More || len(hits) < 10 || hits[0].Time < hits[len(hits)-1].Time {
		t.Errorf("%d hits, %v", len(hits), err)
	}
	expect(t, "people", dump(t, s.read, "SELECT count(*) FROM user_stats"), []string{fmt.Sprint(len(before) + 1)})
	expect(t, "recent_chat", dump(t, s.read, "SELECT count(*) FROM recent_chat"), []string{"901"})
}

// TestLinesOfV050BetweenOurRuns takes the file back from v0.5.0, to which it
// was given for a while.
func TestLinesOfV050BetweenOurRuns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bot_data.db")
	text := func(html string) string { return html }
	imported := func(s *Store, want int) {
		t.Helper()
		if n, err := s.ImportRecent(t.Context(), text); err != nil || n != want {
			t.Errorf("imported %d, want %d, %v", n, want, err)
		}
	}
	s := openAt(t, path)
	imported(s, 0)
	apply(t, s, line("eve", "ours", 0))
	for range 2 {
		expectErr(t, s.Close(t.Context()))
		s = openAt(t, path)
		imported(s, 0)
		apply(t, s, line("eve", "ours too", 1))
		if _, err := s.write.ExecContext(t.Context(),
			"INSERT INTO recent_chat (timestamp, username, message) VALUES (1700000000, 'bob', 'theirs'), (1700000001, 'server', 'x')"); err != nil {
			t.Fatal(err)
		}
		expectErr(t, s.Close(t.Context()))
		s = openAt(t, path)
		imported(s, 1)
	}
	expectErr(t, s.Close(t.Context()))
	s = openAt(t, path)
	defer s.closeAll()
	imported(s, 0)
	expect(t, "lines", dump(t, s.read, "SELECT sum(text = 'theirs'), sum(text LIKE 'ours%') FROM rosey_chat"), []string{"2|3"})
}
