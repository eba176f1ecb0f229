package dbsvc

import (
	"strings"
	"testing"
	"unicode/utf8"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/dbsvc/store"
)

func TestPlain(t *testing.T) {
	for html, want := range map[string]string{
		"hello":                          "hello",
		"1 &lt; 2 &amp;&amp; 3 &gt; 2":   "1 < 2 && 3 > 2",
		"&amp;lt;b&amp;gt;":              "&lt;b&gt;", // once
		"<b>bold</b> <script>x</script>": "bold x",
		`<a href="https://e.example/?a=1&amp;b=2" target="_blank">https://e.example/?a=1&amp;b=2</a>`: "https://e.example/?a=1&b=2",
		`<img class="channel-emote" src="x.png" title=":wave:">`:                                      ":wave:",
		`<img src="x.png">`: "",
		"a<br>b":            "a b",
		"a < b":             "a < b",
		"<":                 "<",
		"&":                 "&",
		"<unfinished":       "",
	} {
		if got := plain(html); got != want {
			t.Errorf("%q became %q, want %q", html, got, want)
		}
	}
}

// FuzzDecode says that no payload can do harm: it is refused, or it is a write
// of which every text that people see is clean and every time is sane.
func FuzzDecode(f *testing.F) {
	for subject := range writes {
		for _, data := range []string{`{"username":"bob","message":"hi <b>x</b>","time":1763640000.5,"room":"primary"}`,
			`{"username":"b\u001b[2J","message":"\u202e&#27;]0;x&#7;","text":"\u009b31m"}`,
			`{"chat_count":3,"connected_count":null}`, `{"status_data":{"bot_name":"\u001bx","bot_rank":3}}`,
			`{"message_id":7,"error":"\u0007"}`, `{"username":"op","action_type":"kick","details":"\u001b"}`,
			`{"username":"op","action_type":"ban","id":"\u001b[1m","target":"b\u0007ob","reason":"\u202e","outcome":"done","text":"a\n\u001bb","source":"pm"}`,
			`{"room":"primary","username":"bob","kind":"mute","until":1763640090000,"by":"op\u0000","reason":"\u001b"}`,
			`{"room":"primary","username":"","text":"a\nb\u0007","by":"op"}`, `null`, `[`, ``} {
			f.Add(subject, []byte(data))
		}
	}
	const now = 1763640000000
	f.Fuzz(func(t *testing.T, subject string, data []byte) {
		w, err := decode(subject, data, now)
		if err != nil {
			return
		}
		clean := func(texts ...string) {
			for _, text := range texts {
				if room.Clean(text) != text || !utf8.ValidString(text) {
					t.Errorf("%q on %s is not clean", text, subject)
				}
			}
		}
		cleanLines := func(text string) {
			if room.CleanLines(text) != text {
				t.Errorf("%q on %s is not clean", text, subject)
			}
		}
		at := int64(now)
		switch w := w.(type) {
		case store.Join:
			clean(w.User, w.Room)
			at = w.Time
		case store.Leave:
			clean(w.User, w.Room)
			at = w.Time
		case store.Line:
			clean(w.User, w.Room, w.Text)
			if strings.TrimSpace(w.User) == "" || w.HTML == "" {
				t.Errorf("empty line %+v", w)
			}
			at = w.Time
		case store.Failed:
			clean(w.Error)
			at = w.Time
		case store.Action:
			clean(w.Room, w.User, w.Action, w.Details, w.Key, w.Target, w.Reason, w.Outcome, w.Source)
			cleanLines(w.Text)
			at = w.Time
		case store.Sanction:
			clean(w.Room, w.User, w.Author, w.Reason)
			if w.Until <= 0 {
				t.Errorf("a sanction until %d", w.Until)
			}
			at = w.Time
		case store.SanctionEnd:
			clean(w.Room, w.User)
			at = w.Time
		case store.Note:
			clean(w.Room, w.User, w.Author)
			cleanLines(w.Text)
			at = w.Time
		}
		if at < 0 || at > now+aheadMS {
			t.Errorf("time %d on %s", at, subject)
		}
	})
}

func TestEveryWriteSubjectIsRead(t *testing.T) {
	for _, access := range bus.Table() {
		if access.Kind == bus.KindWrite && writes[access.Subject] == nil {
			t.Errorf("nobody reads %s", access.Subject)
		}
	}
}
