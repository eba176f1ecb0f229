package bot

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rosey/bus/room"
)

func TestReadWhisper(t *testing.T) {
	for text, want := range map[string]whisper{
		"Mod kicked bob":                       {actor: "Mod", verb: "kick", target: "bob"},
		"Mod kicked anonymous users":           {actor: "Mod", verb: "kickanons"},
		"bob was kicked (name is banned)":      {verb: "kick", target: "bob", reason: "name is banned"},
		"bob was kicked: blacklisted domain":   {verb: "kick", target: "bob", reason: "blacklisted domain"},
		"Mod namebanned bob_x-1":               {actor: "Mod", verb: "ban", target: "bob_x-1"},
		"Mod banned +Jk.hb5.2RO.+Hf (bob)":     {actor: "Mod", verb: "ipban", target: "bob", reason: "+Jk.hb5.2RO.+Hf"},
		"Mod unbanned bob":                     {actor: "Mod", verb: "unban", target: "bob"},
		"Mod muted bob":                        {actor: "Mod", verb: "mute", target: "bob"},
		"Mod shadowmuted bob":                  {actor: "Mod", verb: "smute", target: "bob"},
		"Mod unmuted bob":                      {actor: "Mod", verb: "unmute", target: "bob"},
		"Mod cleared chat.":                    {actor: "Mod", verb: "clear"},
		"Mod set carol's rank to 2":            {actor: "Mod", verb: "rank", target: "carol", reason: "2"},
		"bob joined (aliases: bob,Mod kicked)": {},
		"Mod kicked bob hard":                  {},
	} {
		got, ok := readWhisper(&room.Message{User: "[server]", Server: true, Content: text})
		if got != want || ok != (want.verb != "") {
			t.Errorf("%q: %+v", text, got)
		}
	}
	for _, forged := range []room.Message{
		{User: "bob", Content: "Mod kicked carol"}, {User: "[voteskip]", Server: true, Content: "Mod kicked carol"},
		{User: "[server]", Server: true, Replay: true, Content: "Mod kicked carol"},
	} {
		if w, ok := readWhisper(&forged); ok {
			t.Errorf("%+v was taken for %+v", forged, w)
		}
	}
}

// Every whisper that a real server ever sent in the recordings is understood,
// but for joins.
func TestRecordedWhispersAreUnderstood(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("cytube", "testdata", "wire", "*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings: %v", err)
	}
	n := 0
	for _, path := range files {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewReader(file); ; {
			data, err := lines.ReadBytes('\n')
			if err != nil {
				break
			}
			var l struct{ Text string }
			var frame []json.RawMessage
			var m struct{ Username, Msg string }
			if json.Unmarshal(data, &l) != nil || !strings.HasPrefix(l.Text, `42["chatMsg"`) || json.Unmarshal([]byte(l.Text[2:]), &frame) != nil ||
				len(frame) < 2 || json.Unmarshal(frame[1], &m) != nil || m.Username != "[server]" || strings.Contains(m.Msg, " joined (aliases: ") {
				continue
			}
			n++
			if _, ok := readWhisper(&room.Message{User: "[server]", Server: true, Content: m.Msg}); !ok {
				t.Errorf("%s: %q is not understood", filepath.Base(path), m.Msg)
			}
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if n == 0 {
		t.Error("there was none")
	}
}
