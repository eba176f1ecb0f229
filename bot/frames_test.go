package bot

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rosey/bot/cytube/cytubetest"
	"rosey/bus"
	"rosey/bus/room"
)

// TestFramesAreTheRecorded compares what commands send with what a browser sent
// to a real server.
func TestFramesAreTheRecorded(t *testing.T) {
	t.Parallel()
	recorded := recordedFrames(t)
	w := newWorld(t)
	f := &floor{world: w, people: map[string]*cytubetest.Puppet{}}
	for name, rank := range map[string]float64{"bob": 1, "carol": 1, "alice": 5} {
		f.people[name] = w.channel.Puppet(name, rank)
	}
	for _, id := range []string{"a", "b", "c", "d"} {
		w.channel.Inject(cytubetest.Media{ID: id, Title: id, Seconds: 600, Type: "yt"}, false, "carol")
	}
	w.bot("one")
	f.op, f.witness = w.connect(bus.RoleOperator), w.watch("main")
	f.witness.until(room.LinkUp)
	eventually(t, "the bot answers", func() bool {
		_, err := bus.Request[bus.TreeReply](testContext(t), f.op, bus.TreeSubject("main"), struct{}{})
		return err == nil
	})
	for _, tt := range []struct{ line, frame string }{
		{"mute bob", `42["chatMsg",{"msg":"/mute bob"}]`},
		{"unmute bob", `42["chatMsg",{"msg":"/unmute bob"}]`},
		{"smute bob", `42["chatMsg",{"msg":"/smute bob"}]`},
		{"unmute BOB", `42["chatMsg",{"msg":"/unmute bob"}]`},
		{"clear", `42["chatMsg",{"msg":"/clear"}]`},
		{"afk on", `42["chatMsg",{"msg":"/afk"}]`},
		{"afk off", `42["chatMsg",{"msg":"/afk"}]`},
		{"rank bob 2", `42["setChannelRank",{"name":"bob","rank":2}]`},
		{"rank bob 1", `42["setChannelRank",{"name":"bob","rank":1}]`},
		{"ranks", `42["requestChannelRanks"]`},
		{"leader bob", `42["assignLeader",{"name":"bob"}]`},
		{"unleader", `42["assignLeader",{"name":""}]`},
		{"chanlog", `42["readChanLog"]`},
		{"setmotd New motd", `42["setMotd",{"motd":"New motd"}]`},
		{`poll "Fav <b>color</b>? https://example.com/x" "red & blue" green "\"quoted\""`,
			`42["newPoll",{"title":"Fav <b>color</b>? https://example.com/x","opts":["red & blue","green","\"quoted\""],"obscured":false}]`},
		{"endpoll", `42["closePoll"]`},
		{"move 4 1", `42["moveMedia",{"from":3,"after":"prepend"}]`},
		{"move 4 1", ""},
		{"move 1 4", `42["moveMedia",{"from":2,"after":1}]`},
		{"settemp 2 yes", `42["setTemp",{"uid":0,"temp":true}]`},
		{"settemp 2 no", `42["setTemp",{"uid":0,"temp":false}]`},
		{"jump 1", `42["jumpTo",3]`},
		{"remove 4", `42["delete",2]`},
		{"voteskip vote", `42["voteskip"]`},
		{"unlock", `42["togglePlaylistLock"]`},
		{"add tw:somechannel no", `42["queue",{"id":"somechannel","type":"tw","pos":"end","temp":false}]`},
		{"add https://twitch.tv/chan9", `42["queue",{"id":"chan9","type":"tw","pos":"end","temp":true}]`},
		{"shuffle", `42["shufflePlaylist"]`},
		{"ban bob spamming <i>links</i>", `42["chatMsg",{"msg":"/ban bob spamming <i>links</i>"}]`},
		{"banlist", `42["requestBanlist"]`},
		{"unban #1", `42["unban",{"id":1,"name":"bob"}]`},
	} {
		last := uint64(len(w.cytube.Frames()))
		if r := f.typed(tt.line); r.Status != bus.StatusDone {
			t.Errorf("%s: %+v", tt.line, r)
		}
		if tt.frame == "" {
			continue
		}
		if !recorded[canonical(t, tt.frame)] {
			t.Errorf("no browser ever sent %s", tt.frame)
		}
		found := false
		var sent []string
		for _, frame := range w.cytube.Frames() {
			if frame.Seq > last && strings.HasPrefix(frame.Text, "42") {
				sent = append(sent, frame.Text)
				found = found || canonical(t, frame.Text) == canonical(t, tt.frame)
			}
		}
		if !found {
			t.Errorf("%s sent %q, not %s", tt.line, sent, tt.frame)
		}
	}
}

// recordedFrames are the events that clients sent in the recordings of
// moderation and of the queue.
func recordedFrames(t *testing.T) map[string]bool {
	t.Helper()
	var files []string
	for _, pattern := range []string{"d-*.jsonl", "e-*.jsonl"} {
		found, err := filepath.Glob(filepath.Join("cytube", "testdata", "wire", pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("no recordings: %v", err)
		}
		files = append(files, found...)
	}
	frames := map[string]bool{}
	for _, path := range files {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<22)
		for lines.Scan() {
			var l struct{ Dir, Text string }
			if json.Unmarshal(lines.Bytes(), &l) == nil && l.Dir == "out" && strings.HasPrefix(l.Text, "42") {
				frames[canonical(t, l.Text)] = true
			}
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return frames
}

var ackID = regexp.MustCompile(`^42\d*`)

// canonical writes a frame so that two that say the same are the same: without
// the number of an acknowledgement, and without the empty meta that clients may
// send or not.
func canonical(t *testing.T, frame string) string {
	t.Helper()
	var parts []any
	if err := json.Unmarshal([]byte(ackID.ReplaceAllString(frame, "")), &parts); err != nil {
		t.Fatalf("frame %s: %v", frame, err)
	}
	if len(parts) > 1 {
		if arg, ok := parts[1].(map[string]any); ok {
			delete(arg, "meta")
		}
	}
	data, err := json.Marshal(parts)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
