package room

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// someday is when the tests of times take place.
var someday = time.Date(2025, 11, 20, 21, 4, 0, 0, time.UTC).UnixMilli()

func TestPlausible(t *testing.T) {
	t.Parallel()
	at := func(s string) int64 {
		when, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return when.UnixMilli()
	}
	for when, want := range map[string]bool{
		"0001-01-01T00:00:00Z": false,
		"1969-12-31T23:59:59Z": false,
		"1980-01-01T00:00:00Z": false,
		"1990-01-01T00:00:00Z": true,
		"2025-11-20T21:04:00Z": true,
		"2025-11-21T21:04:00Z": true, // a clock that is off by a day
		"2025-11-21T21:04:01Z": false,
		"9999-12-31T23:59:59Z": false,
	} {
		if got := Plausible(at(when), someday); got != want {
			t.Errorf("%s: %v", when, got)
		}
	}
	for _, ms := range []int64{-1 << 63, -1, 0, 1<<63 - 1} {
		if Plausible(ms, someday) {
			t.Errorf("%d is believed", ms)
		}
	}
}

// timeFields calls f for each field of what v points to that says when
// something happened or how long it took.
func timeFields(v reflect.Value, f func(path string, v reflect.Value)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			timeFields(v.Elem(), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			timeFields(v.Index(i), f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			timed := slices.Contains([]string{"Time", "Timestamp", "Since", "Until", "RetryAt", "Took", "Wait", "Position", "Seconds"}, field.Name)
			if timed && (field.Type.Kind() == reflect.Int64 || field.Type.Kind() == reflect.Float64) {
				f(v.Type().Name()+"."+field.Name, v.Field(i))
				continue
			}
			timeFields(v.Field(i), f)
		}
	}
}

// TestMendReachesEveryTime gives each time of each event, and of the state, a
// value that cannot be: a new field cannot be forgotten.
func TestMendReachesEveryTime(t *testing.T) {
	t.Parallel()
	things := map[string]any{"state": new(State)}
	for _, name := range EventNames() {
		things[name] = names[name]()
	}
	for name, thing := range things {
		for _, absurd := range []float64{-1 << 62, 1 << 62} {
			v := reflect.ValueOf(thing)
			fill(v.Elem(), "text")
			fields := 0
			timeFields(v, func(_ string, f reflect.Value) {
				fields++
				if f.Kind() == reflect.Int64 {
					f.SetInt(int64(absurd))
				} else {
					f.SetFloat(absurd)
				}
			})
			mended := 0
			if s, ok := thing.(*State); ok {
				mended = MendState(s, someday)
			} else {
				mended = Mend(thing.(Event), someday)
			}
			if (mended > 0) != (fields > 0) {
				t.Errorf("%s has %d times and %d were mended", name, fields, mended)
			}
			timeFields(v, func(path string, f reflect.Value) {
				if f.CanInt() && (f.Int() < 0 || f.Int() > someday) || f.CanFloat() && (f.Float() < -maxLeadIn || f.Float() > maxSeconds) {
					t.Errorf("%s: %s is still %v", name, path, f)
				}
			})
		}
	}
}

// TestMendLeavesWhatCanBe: good times pass, and those left out stay so.
func TestMendLeavesWhatCanBe(t *testing.T) {
	t.Parallel()
	for _, e := range []Event{
		&Message{User: "bob", Time: someday - 5000, Timestamp: (someday - 5000) / 1000},
		&UserJoin{User: "bob", Timestamp: someday / 1000},
		&Connection{State: LinkDown, Since: someday, RetryAt: someday + 60_000},
		&Connection{State: LinkDown},
		&MediaChange{Position: -3, Time: someday, Media: Media{Seconds: 90}},
		&Handover{}, &Gap{}, &Action{Time: someday},
	} {
		before, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		n := Mend(e, someday)
		if after, err := json.Marshal(e); n != 0 || err != nil || string(after) != string(before) {
			t.Errorf("%s became %s (%d mended, %v)", before, after, n, err)
		}
	}
	s := New()
	if n := MendState(&s, someday); n != 0 {
		t.Errorf("%d times of an unknown room were mended", n)
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, data, want string }{
		{"message", `{"user":"","content":"x"}`, "names nobody"},
		{"message", `{"user":" \u200b\u202e","content":"x"}`, "names nobody"},
		{"message", `{"user":"bob","content":""}`, ""},
		{"pm", `{"content":"x"}`, "names nobody"},
		{"user_join", `{}`, "names nobody"},
		{"user_join", `{"user":"bob"}`, ""},
		{"user_leave", `{"user":"\u001b[31m"}`, "names nobody"},
		{"user_rank", `{"rank":5}`, "names nobody"},
		{"user_meta", `{}`, "names nobody"},
		{"user_afk", `{"afk":true}`, "names nobody"},
		{"user_profile", `{}`, "names nobody"},
		{"user_list", `{"users":[{"username":""},{"username":" "}]}`, "names nobody"},
		{"user_list", `{"users":[]}`, ""},
		{"user_count", `{"count":-1}`, "no count"},
		{"user_count", `{"count":1000000000}`, "no count"},
		{"login", `{"success":true}`, "names nobody"},
		{"login", `{"success":false,"error":"no"}`, ""},
		{"emote_set", `{}`, "names nobody"},
		{"emote_removed", `{}`, "names nobody"},
		{"action", `{"actor":"alice"}`, "names nobody"},
		{"leader", `{"user":""}`, ""},
	} {
		_, err := Decode(tt.name, []byte(tt.data))
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s %s: %v, want %q", tt.name, tt.data, err, tt.want)
		}
	}
}

// TestSettleTakesTheNamelessOut of lists, and gives a join one name.
func TestSettleTakesTheNamelessOut(t *testing.T) {
	t.Parallel()
	decode := func(name, data string) Event {
		e, err := Decode(name, []byte(data))
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	list := decode("user_list", `{"users":[{"username":"a"},{"username":" "},{"username":"b"}],"count":3}`).(*UserList)
	if len(list.Users) != 2 || list.Count != 2 {
		t.Errorf("%+v", list)
	}
	emotes := decode("emotes", `{"emotes":[{"name":""},{"name":":a:"}]}`).(*Emotes)
	if len(emotes.Emotes) != 1 {
		t.Errorf("%+v", emotes)
	}
	for data, want := range map[string]string{
		`{"user_data":{"username":"Bob"}}`:              "Bob Bob",
		`{"user":"Bob"}`:                                "Bob Bob",
		`{"user":"bob","user_data":{"username":"Bob"}}`: "bob Bob",
		`{"user":"bob","user_data":{"username":"Eve"}}`: "bob bob",
	} {
		join := decode("user_join", data).(*UserJoin)
		if got := join.User + " " + join.UserData.Name; got != want {
			t.Errorf("%s: %s, want %s", data, got, want)
		}
	}
}
