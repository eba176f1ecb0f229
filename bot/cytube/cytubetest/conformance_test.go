package cytubetest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestConformance replays what the clients of every recording said and
// compares what the server says with what CyTube said, on each connection, in
// order. What differs must be listed with its reason, and what is listed must
// differ.
func TestConformance(t *testing.T) {
	files, err := filepath.Glob("../testdata/wire/*.jsonl")
	if err != nil || len(files) < 40 {
		t.Fatalf("found %d recordings: %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".jsonl")
		if notReplayed[name] == "" && !slices.Contains(together, name) {
			t.Run(name, func(t *testing.T) { conform(t, name, name) })
		}
	}
	t.Run("together", func(t *testing.T) { conform(t, "together", together...) })
}

func conform(t *testing.T, name string, recordings ...string) {
	rows := readRecordings(t, recordings)
	opts := recordedServer(rows[0].T)
	set := setups[name]
	if set.options != nil {
		set.options(&opts)
	}
	r := &replay{t: t, s: start(t, opts), rows: rows, open: map[string]*recorded{}, on: set.notes, seen: map[string][]string{}}
	defer r.stop()
	r.furnish()
	if set.before != nil {
		set.before(r.s)
	}
	r.run()
	listed := append([]difference(nil), set.differ...)
	for _, p := range r.all {
		for _, d := range withoutMoves(compare(p.want, p.had), append(set.moves, mayMove...)) {
			if !strike(&listed, p.name, d) {
				t.Errorf("%s: %s", p.name, d)
			}
		}
	}
	for _, d := range listed {
		if !d.used {
			t.Errorf("listed but not seen: %s %s", d.conn, d.text)
		}
	}
}

// recordedServer is the installation the recordings were made on, with the
// clock at the beginning of one.
func recordedServer(at time.Time) Options {
	ranks := map[string]float64{"alice": 5, "rosey": 3, "mod2": 2}
	return Options{
		Channels: []ChannelOptions{
			{Name: "testroom", Ranks: ranks},
			{Name: "otherroom", Ranks: map[string]float64{"rosey": 3}},
			{Name: "lockroom", Ranks: map[string]float64{"lockowner": 5}},
		},
		Accounts: []Account{
			{Name: "alice", Password: "alicepass"},
			{Name: "rosey", Password: "roseypass"},
			{Name: "bob", Password: "bobpass"},
			{Name: "carol", Password: "carolpass"},
			{Name: "mod2", Password: "mod2pass"},
			{Name: "lockowner", Password: "lockpass"},
			{Name: "root", Password: "rootpass", GlobalRank: 255},
		},
		IPConnectionLimit: 2000,
		PasswordDelay:     50 * time.Millisecond,
		DatabaseDelay:     300 * time.Microsecond,
		FrozenAt:          at,
	}
}

// setup is what a recording needs beyond the usual, and how the server is
// known to differ from it.
type setup struct {
	options func(*Options)
	before  func(*Server)
	notes   map[string]func(*replay)
	differ  []difference
	moves   []string // beginnings of frames that came at another place there
}

// difference is one listed difference: the connection, the beginning of the
// difference as compare writes it, how often, and why.
type difference struct {
	conn   string
	text   string
	times  int // 0 is any number
	why    string
	used   bool
	struck int
}

// strike takes a difference from the list; false if it is not there.
func strike(list *[]difference, conn, text string) bool {
	for i := range *list {
		d := &(*list)[i]
		if (d.conn == "" || d.conn == conn) && strings.HasPrefix(text, d.text) && (d.times == 0 || d.struck < d.times) {
			d.used = true
			d.struck++
			return true
		}
	}
	return false
}

// compare gives what is missing from had ("-") and what is too much ("+"), by
// the longest run of frames that both have. Values that chance or time decide
// are not compared.
func compare(want, had []string) []string {
	a, b := normalised(want), normalised(had)
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var diff []string
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			diff = append(diff, "-"+a[i])
			i++
		default:
			diff = append(diff, "+"+b[j])
			j++
		}
	}
	return diff
}

// mayMove are frames whose place among the others is a matter of timing: the
// first rank (PROTOCOL.md §3), and what the throttle of usercount decides.
var mayMove = []string{`42["rank",-1]`, `42["usercount",`}

// withoutMoves drops pairs of missing and extra frames of the kinds that may
// come at another time.
func withoutMoves(diff, mayMove []string) []string {
	var kept []string
	for i, d := range diff {
		other := map[byte]string{'-': "+", '+': "-"}[d[0]] + d[1:]
		paired := false
		for _, prefix := range mayMove {
			paired = paired || strings.HasPrefix(d[1:], prefix) && slices.Contains(diff, other)
		}
		if !paired {
			kept = append(kept, diff[i])
		}
	}
	return kept
}

func normalised(frames []string) []string {
	out := make([]string, len(frames))
	for i, f := range frames {
		out[i] = normalise(f)
	}
	return out
}

// masked are keys whose values are random or of the moment; their types are
// compared.
var masked = map[string]bool{"sid": true, "time": true, "timestamp": true, "currentTime": true, "data": true}

// normalise writes a frame's JSON in one way, with masked values.
func normalise(frame string) string {
	start := strings.IndexAny(frame, `[{`)
	if start < 0 {
		return frame
	}
	var v any
	if json.Unmarshal([]byte(frame[start:]), &v) != nil {
		return frame
	}
	return frame[:start] + string(marshal(mask(v, "")))
}

func mask(v any, key string) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = mask(v[k], k)
		}
	case []any:
		if len(v) == 2 && v[0] == "announcement" {
			v[1].(map[string]any)["id"] = "any"
		}
		for i := range v {
			v[i] = mask(v[i], "")
		}
	case float64, string:
		if masked[key] && !(key == "time" && isText(v)) {
			return fmt.Sprintf("any %s", typeOf(v))
		}
	}
	return v
}

// isText tells the playlist's time from a line's.
func isText(v any) bool { _, ok := v.(string); return ok }

func TestSocketConfigAsRecorded(t *testing.T) {
	s := start(t, Options{})
	data, err := os.ReadFile("../testdata/wire/a-socketconfig.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for line := range strings.Lines(string(data)) {
		var want struct {
			URL    string
			Status int
			Body   string
		}
		if err := json.Unmarshal([]byte(line), &want); err != nil {
			t.Fatal(err)
		}
		_, path, _ := strings.Cut(strings.TrimPrefix(want.URL, "http://"), "/")
		status, body := get(t, s.URL()+"/"+path)
		body = strings.ReplaceAll(body, s.URL(), "http://127.0.0.1:1337")
		if status != want.Status || normalise(body) != normalise(want.Body) {
			t.Errorf("%s: %d %s; CyTube: %d %s", path, status, body, want.Status, want.Body)
		}
		checked++
	}
	if checked < 5 {
		t.Errorf("only %d requests", checked)
	}
}
