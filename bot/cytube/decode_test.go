package cytube

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"rosey/bus/room"
)

var testTime = time.Unix(1_800_000_000, 0)

func TestDecodeIsLenient(t *testing.T) {
	ms := testTime.UnixMilli()
	tests := []struct {
		name, arg string
		want      room.Event // nil: malformed
	}{
		{"rank", `1.5`, &room.SelfRank{Rank: 1.5}},
		{"rank", `"2"`, &room.SelfRank{Rank: 2}},
		{"rank", `null`, &room.SelfRank{}},
		{"rank", `{"a":1}`, &room.SelfRank{}},
		{"usercount", `"25"`, &room.UserCount{Count: 25}},
		{"usercount", `7, "a second argument"`, &room.UserCount{Count: 7}},
		{"usercount", `1e300`, nil},
		{"usercount", `100001`, nil},
		{"usercount", `-1`, nil},
		{"usercount", `"NaN"`, nil},
		{"usercount", `"many"`, nil},
		{"usercount", `null`, nil},
		{"usercount", `[5]`, nil},
		{"setLeader", `""`, &room.Leader{}},
		{"setLeader", `null`, &room.Leader{}},
		{"userlist", `[{"name":"a","rank":"1"},null,7,{"rank":2},{"name":"b","meta":3,"profile":null}]`, &room.UserList{
			Users: []room.User{{Name: "a", Rank: 1}, {Name: "b"}}, Count: 2}},
		{"userlist", `[]`, &room.UserList{Users: []room.User{}}}, // anonymous ones are not listed
		{"userlist", `[1,"bob",null,{"username":"x"}]`, nil},
		{"userlist", `"bob"`, nil},
		{"userlist", `null`, nil},
		{"userlist", `{}`, nil},
		{"userlist", `[`, nil},
		{"addUser", `{"name":"A","rank":2.5,"meta":{"afk":true,"aliases":["x",1]}}`, &room.UserJoin{
			User: "A", Timestamp: testTime.Unix(), UserData: room.User{
				Name: "A", Rank: 2.5, AFK: true, IsModerator: true, Meta: room.Meta{AFK: true, Aliases: []string{"x", ""}}}}},
		{"addUser", `{}`, nil},
		{"addUser", `"bob"`, nil},
		{"userLeave", `{"name":5}`, nil},
		{"kick", `{"reason":null}`, &room.Kicked{}},
		{"kick", `[]`, &room.Kicked{}},
		{"closePoll", `null`, &room.PollClosed{}},
		{"setTemp", `{"uid":"7","temp":true}`, &room.TempSet{UID: 7, Temp: true}},
		{"setTemp", `{"temp":true}`, nil},
		{"delete", `{"uid":0}`, &room.Removed{UID: 0}},
		{"delete", `{}`, nil},
		{"moveVideo", `{"from":1,"after":"prepend"}`, &room.Moved{UID: 1, After: room.After{Where: room.AtStart}}},
		{"moveVideo", `{"from":1,"after":0}`, &room.Moved{UID: 1, After: room.After{Where: room.AfterUID}}},
		{"moveVideo", `{"from":1,"after":"4"}`, &room.Moved{UID: 1, After: room.After{Where: room.AfterUID, UID: 4}}},
		{"moveVideo", `{"from":1,"after":null}`, &room.Moved{UID: 1, After: room.After{Where: room.AtEnd}}},
		{"moveVideo", `{"from":1}`, &room.Moved{UID: 1, After: room.After{Where: room.AtEnd}}},
		{"queue", `{"after":1}`, nil},
		{"setCurrent", `null`, &room.Current{UID: -1}},
		{"setPlaylistLocked", `true`, &room.PlaylistLock{Locked: true}},
		{"needPassword", `true`, &room.PasswordNeeded{Wrong: true}},
		{"newPoll", `{"title":"a &amp; <b>b</b>","options":["&quot;x&quot;",2],"counts":[1,"?","1?",null],"timestamp":1700000000000}`, &room.PollOpened{
			Poll: room.Poll{Title: "a & b", Options: []string{`"x"`, ""}, Counts: []string{"1", "?", "1?", ""}, Timestamp: 1700000000000}}},
		{"cooldown", `100`, &room.Notice{Kind: room.NoticeCooldown, Wait: 100}},
		{"channelOpts", `{"pagetitle":"x","password":"sesame"}`, &room.Options{PageTitle: "x", HasPassword: true}},
		{"channelOpts", `{"pagetitle":"x","password":false}`, &room.Options{PageTitle: "x"}},
		{"setPermissions", `{"chat":"0","kick":1.5}`, &room.Permissions{Needs: map[string]float64{"chat": 0, "kick": 1.5}}},
		{"setPermissions", `{"x":"` + strings.Repeat("y", maxSmall) + `"}`, nil},
		{"mediaUpdate", `{"currentTime":"3.5","paused":1}`, &room.MediaUpdate{Position: 3.5, Time: ms}},
		{"errorMsg", `{"msg":"<b>&amp;"}`, &room.Notice{Kind: room.NoticeError, Text: "<b>&amp;"}},
		{"queueFail", `{"msg":"don&#39;t","link":null,"id":"x"}`, &room.Notice{Kind: room.NoticeQueueFail, Text: "don't", ID: "x"}},
		{"announcement", `{"title":"T","text":"<b>soon</b>","from":"root"}`, &room.Notice{Kind: room.NoticeAnnouncement, Text: "T: soon", From: "root"}},
		{"chatMsg", `{"username":"[server]","msg":"x","meta":{"addClass":"server-whisper"},"time":1e99}`, &room.Message{
			User: "[server]", Content: "x", Spans: []room.Span{{Text: "x"}}, HTML: "x", Style: room.StyleWhisper, Server: true,
			Time: ms, Timestamp: ms / 1000}},
		{"chatMsg", `{"username":"a","msg":"&lt;x","meta":{"addClass":"evil","shadow":true,"modflair":2},"time":1700000000500}, "a second argument"`, &room.Message{
			User: "a", Content: "<x", Spans: []room.Span{{Text: "<x"}}, HTML: "&lt;x", Shadow: true, Flair: 2, Time: 1700000000500, Timestamp: 1700000000}},
		{"userLeave", `{"name":" \u200b "}`, nil},
		{"setUserRank", `{"name":"","rank":2}`, nil},
		{"chatMsg", `{"username":"","msg":"x"}`, nil},
		{"pm", `{"username":" ","to":"a","msg":"x"}`, nil},
		{"login", `{"success":true}`, nil},
		{"changeMedia", `{"id":"x","type":"yt","seconds":-5,"currentTime":1e300}`, &room.MediaChange{
			Media: room.Media{ID: "x", Type: "yt"}, Position: 315360000, Time: ms}},
	}
	for _, test := range tests {
		d := decoder{}
		got, err := d.decode(test.name, []byte(test.arg), testTime)
		if (err != nil) != (test.want == nil) {
			t.Errorf("%s %s: error %v", test.name, test.arg, err)
			continue
		}
		if test.want != nil && !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s %s:\n got %+v\nwant %+v", test.name, test.arg, got, test.want)
		}
	}
}

// TestAbsurdTimesAreReplacedAndCounted: a server whose clock is off does not
// make lines of the year 9999, nor is that kept quiet.
func TestAbsurdTimesAreReplacedAndCounted(t *testing.T) {
	now := testTime.UnixMilli()
	for given, want := range map[string]struct {
		time   int64
		mended int
	}{
		fmt.Sprint(now - 3600_000):      {now - 3600_000, 0},
		fmt.Sprint(now + 60_000):        {now + 60_000, 0}, // its clock is ahead a little
		fmt.Sprint(now + 2*24*3600_000): {now, 1},
		"-62135596800000":               {now, 1}, // the year 1
		"253402300799000":               {now, 1}, // the end of 9999
		"5":                             {now, 1},
		"-1":                            {now, 1},
		"1e300":                         {now, 1},
		"null":                          {now, 0}, // none was given
	} {
		d := decoder{}
		event, err := d.decode("chatMsg", []byte(`{"username":"a","msg":"x","time":`+given+`}`), testTime)
		if err != nil {
			t.Fatal(err)
		}
		m := event.(*room.Message)
		if m.Time != want.time || m.Timestamp != want.time/1000 || d.mended != want.mended {
			t.Errorf("%s: time %d and %d, %d mended, want %+v", given, m.Time, m.Timestamp, d.mended, want)
		}
	}
}

func TestNothingTellsTheChannelPassword(t *testing.T) {
	d := decoder{}
	event, err := d.decode("channelOpts", []byte(`{"pagetitle":"x","password":"sesame","afk_timeout":"sesame?"}`), testTime)
	if err != nil {
		t.Fatal(err)
	}
	if said := fmt.Sprintf("%+v", event); strings.Contains(said, "sesame") {
		t.Errorf("options are %s", said)
	}
}

func TestEmotesAreRemembered(t *testing.T) {
	d := decoder{}
	line := func() string {
		event, err := d.decode("chatMsg", []byte(`{"username":"a","msg":"x :a&amp;b: y"}`), testTime)
		if err != nil {
			t.Fatal(err)
		}
		for _, span := range event.(*room.Message).Spans {
			if span.Kind == room.SpanEmote {
				return span.Text + span.Link
			}
		}
		return ""
	}
	for _, change := range []struct{ name, arg, want string }{
		{"emoteList", `[{"name":":z:","image":"https://e.org/z"}]`, ""},
		{"updateEmote", `{"name":":a&b:","image":"https://e.org/?x=1&amp;y=2"}`, ":a&b:https://e.org/?x=1&y=2"},
		{"renameEmote", `{"old":":a&b:","name":":c:","image":"https://e.org/c"}`, ""},
		{"renameEmote", `{"old":":c:","name":":a&b:","image":"javascript:x"}`, ":a&b:"},
		{"removeEmote", `{"name":":a&b:"}`, ""},
	} {
		if _, err := d.decode(change.name, []byte(change.arg), testTime); err != nil {
			t.Fatal(err)
		}
		if got := line(); got != change.want {
			t.Errorf("after %s the emote is %q, want %q", change.name, got, change.want)
		}
	}
}

func TestListsAreBounded(t *testing.T) {
	arg := `[` + strings.Repeat(`{"uid":1},`, maxList+5) + `{"uid":1}]`
	d := decoder{}
	event, err := d.decode("playlist", []byte(arg), testTime)
	if err != nil || len(event.(*room.Playlist).Items) != maxList {
		t.Errorf("%d items, %v", len(event.(*room.Playlist).Items), err)
	}
}

func TestParseFrame(t *testing.T) {
	tests := []struct {
		text string
		want frame
		ok   bool
	}{
		{`0{"sid":"x"}`, frame{kind: frameOpen, arg: []byte(`{"sid":"x"}`)}, true},
		{"2", frame{kind: framePing, arg: []byte{}}, true},
		{"41", frame{kind: frameLeft, arg: []byte{}}, true},
		{"41/foo,", frame{kind: frameLeft, arg: []byte{}}, true},
		{`44/foo,{"message":"x"}`, frame{kind: frameRefused, arg: []byte(`{"message":"x"}`)}, true},
		{`42["rank",-1]`, frame{kind: frameEvent, name: "rank", arg: []byte("-1")}, true},
		{`42 [ "rank" , -1 ] `, frame{kind: frameEvent, name: "rank", arg: []byte("-1")}, true},
		{`42["addFilterSuccess"]`, frame{kind: frameEvent, name: "addFilterSuccess"}, true},
		{`42["a\"b\u0063",[1,2]]`, frame{kind: frameEvent, name: `a"bc`, arg: []byte("[1,2]")}, true},
		{`4212["x",null]`, frame{kind: frameEvent, name: "x", id: 12, arg: []byte("null")}, true},
		{`437[{}]`, frame{kind: frameAck, id: 7, arg: []byte("[{}]")}, true},
		{text: ""}, {text: "4"}, {text: "5"}, {text: "45"}, {text: "42"}, {text: "42[]"}, {text: "42[1]"}, {text: `42["x" 1]`},
		{text: `42{"x":1}`}, {text: `42["x`}, {text: "hello"}, {text: "4399999999999999999999[]"},
	}
	for _, test := range tests {
		got, err := parseFrame([]byte(test.text))
		if (err == nil) != test.ok {
			t.Errorf("%q: error %v", test.text, err)
		}
		if test.ok && !reflect.DeepEqual(got, test.want) {
			t.Errorf("%q is %+v, want %+v", test.text, got, test.want)
		}
	}
}

func FuzzFrame(f *testing.F) {
	for _, seed := range []string{`42["rank",-1]`, `42["x"]`, `4212["x",{}]`, `43[]`, "2", "", `44/a,{"message":1}`, `0{}`, `42["\ud800"]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := parseFrame(data)
		if err != nil {
			return
		}
		if got.kind == frameRefused {
			refusal(got.arg)
		}
		if len(got.arg) > len(data) || len(got.kind) > 2 {
			t.Errorf("%q became %+v", data, got)
		}
	})
}

// FuzzDecode decodes any JSON as every event there is.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`null`, `1`, `"x"`, `[]`, `{}`, `[[]]`, `[{"name":"a","rank":1e999}]`, `{"name":null,"msg":{"a":[]},"meta":{"aliases":"x"}}`,
		`{"username":"a","msg":"<b>&amp;\u001b[31m\ud800","meta":{"addClass":1},"time":-1}`, `{"item":{"media":[]},"after":{}}`,
		`{"counts":[[],{},"?",1],"options":{"a":1}}`, `{"uid":{},"from":[],"after":"\u0000"}`, `[`, `{"a":`, `1,2`,
	} {
		f.Add([]byte(seed))
	}
	names := slices.Sorted(maps.Keys(decoders))
	f.Fuzz(func(t *testing.T, arg []byte) {
		if len(arg) == 0 {
			return // parseFrame gives nil for no argument, never nothing
		}
		for _, name := range names {
			d := decoder{}
			event, err := d.decode(name, arg, testTime)
			if err != nil || event == nil {
				continue
			}
			data, err := json.Marshal(event)
			if err != nil {
				t.Fatalf("%s %q: %v", name, arg, err)
			}
			if _, err := room.Decode(event.EventName(), data); err != nil {
				t.Fatalf("%s %q: %v", name, arg, err)
			}
			if text := string(data); room.Clean(text) != text {
				t.Errorf("%s %q is not clean: %q", name, arg, text)
			}
		}
	})
}

func BenchmarkChatFrame(b *testing.B) {
	for name, msg := range map[string]string{
		"plain": "hello there, how is everyone today?",
		"html":  `see <a href=\"https://example.com/a?b=1&amp;c=2\" target=\"_blank\" rel=\"noopener noreferrer\">https://example.com/a?b=1&amp;c=2</a> <strong>now</strong> :smile:`,
	} {
		frame := []byte(`42["chatMsg",{"username":"bob","msg":"` + msg + `","meta":{},"time":1795470539228}]`)
		b.Run(name, func(b *testing.B) {
			d := decoder{emotes: map[string]string{":smile:": "https://example.com/smile.png"}}
			b.ReportAllocs()
			b.SetBytes(int64(len(frame)))
			for b.Loop() {
				f, err := parseFrame(frame)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := d.decode(f.name, f.arg, testTime); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPlaylistFrame(b *testing.B) {
	item := `{"media":{"id":"dQw4w9WgXcQ","title":"A title of a usual length, with words","seconds":212,"duration":"03:32","type":"yt","meta":{"codec":"x"}},"uid":%d,"temp":true,"queueby":"somebody"}`
	items := make([]string, 4000)
	for i := range items {
		items[i] = fmt.Sprintf(item, i)
	}
	frame := []byte(`42["playlist",[` + strings.Join(items, ",") + `]]`)
	d := decoder{}
	b.ReportAllocs()
	b.SetBytes(int64(len(frame)))
	for b.Loop() {
		f, err := parseFrame(frame)
		if err != nil {
			b.Fatal(err)
		}
		if event, err := d.decode(f.name, f.arg, testTime); err != nil || len(event.(*room.Playlist).Items) != 4000 {
			b.Fatal(err)
		}
	}
}
