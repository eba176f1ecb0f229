package room

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestEventNames(t *testing.T) {
	t.Parallel()
	for name, fresh := range names {
		if got := fresh().EventName(); got != name {
			t.Errorf("the event listed as %q calls itself %q", name, got)
		}
	}
}

// TestDecodeRoundTrip sends each event, every field of it filled, through JSON
// and back.
func TestDecodeRoundTrip(t *testing.T) {
	t.Parallel()
	for _, name := range EventNames() {
		e := names[name]()
		fill(reflect.ValueOf(e).Elem(), "text")
		switch e := e.(type) { // what does not travel
		case *Message:
			e.HTML = ""
		case *PM:
			e.Unseen = false
		}
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(name, data)
		if err != nil || !reflect.DeepEqual(got, e) {
			t.Errorf("%s: got %+v (%v), want %+v", name, got, err, e)
		}
	}
}

// TestDecodeCleans holds Decode to cleaning every text that an event can carry.
func TestDecodeCleans(t *testing.T) {
	t.Parallel()
	const dirty = "a\x1b[31m\u202eb\x07\n\u0085c"
	for _, name := range EventNames() {
		e := names[name]()
		fill(reflect.ValueOf(e).Elem(), dirty)
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(name, data)
		if err != nil {
			t.Fatal(err)
		}
		eachText(reflect.ValueOf(got), func(s string) {
			if s != "" && s != "ab  c" && s != "ab\n\nc" {
				t.Errorf("%s carries %q", name, s)
			}
		})
	}
}

func TestDecodeKeepsLines(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{
		"pm":          `{"user":"bob","content":"a\nb","spans":[{"text":"a\nb"}]}`,
		"motd":        `{"text":"a\nb","spans":[{"text":"a\nb"}]}`,
		"channel_log": `{"text":"a\nb"}`,
		"notice":      `{"text":"a\nb"}`,
	} {
		e, err := Decode(name, []byte(data))
		if err != nil {
			t.Fatal(err)
		}
		eachText(reflect.ValueOf(e), func(s string) {
			if s != "" && s != "bob" && s != "a\nb" {
				t.Errorf("%s lost its lines: %q", name, s)
			}
		})
	}
}

func TestDecodeErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, data, want string }{
		{"no_such", `{}`, `unknown event "no_such"`},
		{"evil\x1b[2J", `{}`, `unknown event "evil"`},
		{"message", `{`, "decode event message: "},
		{"message", `{"user":5}`, "decode event message: "},
	} {
		if _, err := Decode(tt.name, []byte(tt.data)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Decode(%q, %q): %v, want %q in it", tt.name, tt.data, err, tt.want)
		}
	}
	if e, err := Decode("motd", []byte("null")); err != nil || !reflect.DeepEqual(e, new(Motd)) {
		t.Errorf("null decodes to %+v, %v", e, err)
	}
}

func TestCleanAllReachesEverywhere(t *testing.T) {
	t.Parallel()
	type node struct {
		Any  any
		Map  map[string]any
		Next *node
		raw  string
		Raw  json.RawMessage
	}
	const dirty = "x\x07"
	n := &node{
		Any:  []any{dirty, map[string]any{dirty: dirty}, 5.0, nil},
		Map:  map[string]any{dirty: []string{dirty}},
		Next: &node{Any: dirty},
		raw:  dirty,
		Raw:  json.RawMessage(dirty),
	}
	CleanAll(n)
	want := &node{
		Any:  []any{"x", map[string]any{"x": "x"}, 5.0, nil},
		Map:  map[string]any{"x": []string{"x"}},
		Next: &node{Any: "x"},
		raw:  dirty,
		Raw:  json.RawMessage(dirty),
	}
	if !reflect.DeepEqual(n, want) {
		t.Errorf("cleaned to %+v", n)
	}
	CleanAll(nil)
	CleanAll(*n)
	CleanAll((*node)(nil))
}

func TestRestore(t *testing.T) {
	t.Parallel()
	came := State{
		Users:    []User{{Name: "b\x07"}, {Name: "A", Rank: 2}, {Name: "B", Rank: 1}},
		Playlist: []Item{{UID: 1, Media: Media{Title: "t\u202e"}}, {UID: 1}},
		Motd:     Motd{Text: "a\nb\x1b[m"},
		Perms:    map[string]float64{"kick\x07": 2},
		Poll:     &Poll{Options: []string{"\x07o"}},
	}
	CleanAll(&came) // as bus.Request does
	s := Restore(came)
	if len(s.Users) != 2 || s.Users[0].Name != "A" || s.Users[1].Name != "B" || !s.Users[0].IsModerator {
		t.Errorf("users: %+v", s.Users)
	}
	if len(s.Playlist) != 1 || s.Motd.Text != "a\nb" || s.Perms["kick"] != 2 || s.Poll.Options[0] != "o" {
		t.Errorf("state: %+v", s)
	}
}

func TestMessageKey(t *testing.T) {
	t.Parallel()
	a := Message{User: "Alice", Content: "hi", Time: 5, Replay: true}
	b := Message{User: "alice", Content: "hi", Time: 5, Style: StyleAction}
	c := Message{User: "alice", Content: "hi", Time: 6}
	if a.Key() != b.Key() || a.Key() == c.Key() {
		t.Error("keys do not tell lines apart")
	}
}

// FuzzDecode gives Decode any bytes for any event, and Apply what comes of it.
func FuzzDecode(f *testing.F) {
	all := EventNames()
	for i, name := range all {
		e := names[name]()
		fill(reflect.ValueOf(e).Elem(), "a\u202e\x1b[1mb")
		data, err := json.Marshal(e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), data)
	}
	poll := uint8(slices.Index(all, "poll_opened"))
	f.Add(poll, []byte(`{"poll":{"counts":["1000000000"],"options":null,"timestamp":-9223372036854775808}}`))
	f.Add(uint8(slices.Index(all, "media_update")), []byte(`{"position":-1e308,"time":-9223372036854775808}`))
	f.Add(uint8(slices.Index(all, "user_list")), []byte(`{"users":[{"username":"a"},{"username":"A"},{}],"count":-1}`))
	f.Add(uint8(slices.Index(all, "playlist")), []byte(`{"items":[{"uid":1},{"uid":1}]}`))
	f.Add(uint8(slices.Index(all, "permissions")), []byte(`{"needs":{"a":1,"a\u0007":2}}`))
	f.Add(poll, []byte("null"))
	base := fold(join("a", 1), join("B", 2), queue(1, first), queue(2, last), &Current{UID: 1},
		&MediaChange{Media: Media{ID: "x", Seconds: 10}}, &Leader{User: "B"}, &EmoteSet{Emote: Emote{Name: "e"}})
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		e, err := Decode(all[int(which)%len(all)], data)
		if err != nil {
			return
		}
		eachText(reflect.ValueOf(e), func(s string) {
			if CleanLines(s) != s {
				t.Fatalf("%T carries %q", e, s)
			}
		})
		s := Apply(base, e)
		if again := Apply(s, e); !reflect.DeepEqual(again, s) {
			t.Fatalf("%T again gives %+v, was %+v", e, again, s)
		}
		if !slices.IsSortedFunc(s.Users, func(a, b User) int { return strings.Compare(Fold(a.Name), Fold(b.Name)) }) {
			t.Fatalf("users are not sorted: %+v", s.Users)
		}
		if restored := Restore(s); !reflect.DeepEqual(restored, s) {
			t.Fatalf("state after %T is restored to %+v, was %+v", e, restored, s)
		}
		if _, at, _ := s.NowPlaying(math.MaxInt64); math.IsNaN(at) {
			t.Fatalf("%T leads to no position", e)
		}
		if _, err := json.Marshal(s); err != nil {
			t.Fatalf("state after %T does not travel: %v", e, err)
		}
	})
}

// FuzzFold holds the comparison without copies to the one with.
func FuzzFold(f *testing.F) {
	for _, pair := range [][2]string{{"Bob", "bob"}, {"a", "B"}, {"É", "é"}, {"aÉ", "aéa"}, {"K", "k"}, {"a\xff", "A\xfe"}, {"", "a"}} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		got, want := compareFolded(a, b), strings.Compare(Fold(a), Fold(b))
		if (got < 0) != (want < 0) || (got > 0) != (want > 0) {
			t.Fatalf("compareFolded(%q, %q) = %d, want %d", a, b, got, want)
		}
	})
}

// fill puts a text into every string that a value can reach, and something
// into everything else.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint64:
		v.SetUint(7)
	case reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), text)
		}
	case reflect.Pointer: // in a State; no event holds one
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), text)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), text)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, text)
		fill(value, text)
		v.SetMapIndex(key, value)
	default:
		panic(fmt.Sprintf("an event holds a %s", v.Type()))
	}
}

// eachText visits every string that a value can reach.
func eachText(v reflect.Value, visit func(string)) {
	switch v.Kind() {
	case reflect.String:
		visit(v.String())
	case reflect.Pointer:
		eachText(v.Elem(), visit)
	case reflect.Struct:
		for i := range v.NumField() {
			eachText(v.Field(i), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachText(v.Index(i), visit)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			eachText(key, visit)
			eachText(v.MapIndex(key), visit)
		}
	}
}
