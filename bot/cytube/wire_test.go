package cytube

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"
)

// A record is one line of a recording (PROTOCOL.md §10).
type record struct {
	At   time.Time `json:"t"`
	Conn string    `json:"conn"`
	Dir  string    `json:"dir"`
	Text string    `json:"text"`
}

func recordings(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob("testdata/wire/*.jsonl")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no recordings: %v", err)
	}
	return files
}

func readRecording(tb testing.TB, path string) []record {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	var records []record
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			tb.Fatalf("%s: %v", path, err)
		}
		records = append(records, r)
	}
	return records
}

// packets splits what the polling transport joined: engine.io parts packets
// of one answer with U+001E.
func packets(text string) []string { return strings.Split(text, "\x1e") }

func TestRecordingsDecode(t *testing.T) {
	seen := map[string]int{}
	for _, path := range recordings(t) {
		decoders := map[string]*decoder{}
		for i, r := range readRecording(t, path) {
			if r.Dir != "in" {
				continue
			}
			if decoders[r.Conn] == nil {
				decoders[r.Conn] = &decoder{replay: true}
			}
			for _, packet := range packets(r.Text) {
				f, err := parseFrame([]byte(packet))
				if err != nil {
					t.Errorf("%s:%d: %v: %.80s", path, i+1, err, packet)
					continue
				}
				if f.kind != frameEvent {
					continue
				}
				seen[f.name]++
				event, err := decoders[r.Conn].decode(f.name, f.arg, r.At)
				if err != nil {
					t.Errorf("%s:%d: %v: %.80s", path, i+1, err, packet)
				}
				if event == nil && f.name != "acp-gbanlist" {
					t.Errorf("%s:%d: %s says nothing", path, i+1, f.name)
				}
			}
		}
	}
	for name := range decoders {
		if seen[name] == 0 && !unrecorded[name] {
			t.Errorf("no recording has %s, and it is not in the list of those", name)
		}
	}
}

// unrecorded are the decoders that no recording tests: what PROTOCOL.md marks
// as read in the server's source, and the site administrator's panel.
var unrecorded = map[string]bool{
	"setUserProfile": true, "queueWarn": true, "partitionChange": true, "warnLargeChandump": true,
	"acp-list-users": true, "acp-list-channels": true, "acp-list-loaded": true, "acp-list-activechannels": true,
	"acp-list-stats": true, "acp-set-rank": true, "acp-delete-channel": true, "acp-announcement": true,
	"acp-reset-password": true, "acpSuccess": true,
}

// TestGolden pins the events of recordings that cover chat forms, moderation,
// polls, the playlist, and the refusals.
func TestGolden(t *testing.T) {
	for _, name := range []string{
		"a-guest-login-before-join", "c-chat-forms", "c-pm", "d-poll-voteskip", "d-rank-leader-log", "e-playlist-edit",
		"f-channel-password", "h-admin",
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			decoders := map[string]*decoder{}
			written := map[string]bool{}
			for _, r := range readRecording(t, "testdata/wire/"+name+".jsonl") {
				f, err := parseFrame([]byte(r.Text))
				if r.Dir != "in" || err != nil || f.kind != frameEvent {
					continue
				}
				if decoders[r.Conn] == nil {
					decoders[r.Conn] = &decoder{}
				}
				event, err := decoders[r.Conn].decode(f.name, f.arg, time.Unix(1_800_000_000, 0))
				if err != nil {
					t.Fatal(err)
				}
				var data bytes.Buffer
				encoder := json.NewEncoder(&data)
				encoder.SetEscapeHTML(false)
				if err := encoder.Encode(event); err != nil {
					t.Fatal(err)
				}
				line := fmt.Sprintf("%s %s %s", f.name, event.EventName(), &data)
				if !written[line] { // each connection of a recording hears the same
					out.WriteString(line)
				}
				written[line] = true
			}
			golden.RequireEqual(t, out.Bytes())
		})
	}
}
