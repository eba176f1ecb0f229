package bot

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rosey/bus/room"
	"rosey/config"
)

func TestLogFiles(t *testing.T) {
	at := time.Date(2025, 11, 7, 14, 30, 5, 0, time.Local)
	film := room.Media{ID: "abc", Type: "yt", Title: `Plan "9"`}
	item := room.Item{UID: 4, Media: film, QueueBy: "Alice"}
	state := room.New()
	state.Playlist, state.Current = []room.Item{item}, 4
	for _, tt := range []struct {
		name        string
		several     bool
		chat, media string
	}{
		{"one room", false,
			"[07/11/2025 14:30:05] Alice: <b> & co\n[07/11/2025 14:30:05] Alice -> Rosey: psst\n",
			"[2025-11-07 14:30:05] Alice: https://youtube.com/watch?v=abc \"Plan \"9\"\"\n[2025-11-07 14:30:05] : https://x.y/z.mp4 \"Z\"\n"},
		{"several rooms", true,
			"[07/11/2025 14:30:05] [main] Alice: <b> & co\n[07/11/2025 14:30:05] [main] Alice -> Rosey: psst\n",
			"[2025-11-07 14:30:05] [main] Alice: https://youtube.com/watch?v=abc \"Plan \"9\"\"\n[2025-11-07 14:30:05] [main] : https://x.y/z.mp4 \"Z\"\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			cfg := config.Logging{ChatLogFile: filepath.Join(dir, "chat.log"), MediaLogFile: filepath.Join(dir, "media.log")}
			if err := os.WriteFile(cfg.ChatLogFile, []byte("earlier\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			files, err := openLogFiles(cfg, tt.several, quiet())
			if err != nil {
				t.Fatal(err)
			}
			s := newScribe(files, "main")
			s.note(&state, &room.Message{User: "Alice", Content: "<b> & co", HTML: "x", Time: at.UnixMilli()}, at)
			s.note(&state, &room.Message{User: "[server]", Content: "whisper", Server: true, Time: at.UnixMilli()}, at)
			s.note(&state, &room.PM{User: "Alice", Recipient: "Rosey", Content: "psst", Time: at.UnixMilli()}, at)
			s.note(&state, &room.MediaChange{Media: film}, at)
			s.note(&state, &room.MediaChange{Media: film}, at) // as each join brings it
			s.note(&state, &room.MediaChange{Media: room.Media{ID: "https://x.y/z.mp4", Type: "fi", Title: "Z"}}, at)
			if err := files.close(); err != nil {
				t.Fatal(err)
			}
			for path, want := range map[string]string{cfg.ChatLogFile: "earlier\n" + tt.chat, cfg.MediaLogFile: tt.media} {
				got, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if string(got) != want {
					t.Errorf("%s:\n%s\nwant\n%s", filepath.Base(path), got, want)
				}
			}
			if info, err := os.Stat(cfg.MediaLogFile); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("mode %v, %v", info.Mode(), err)
			}
		})
	}
}

func TestLogFileCannotBeOpened(t *testing.T) {
	_, err := openLogFiles(config.Logging{ChatLogFile: filepath.Join(t.TempDir(), "no", "chat.log")}, false, quiet())
	if err == nil || !strings.Contains(err.Error(), "open log file") {
		t.Errorf("error %v", err)
	}
}

// A file that takes no writes costs lines, not the room.
func TestLogFileNeverBlocks(t *testing.T) {
	f, err := os.Open("/dev/full")
	if err != nil {
		t.Skip("no /dev/full here")
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	l, err := openLogFile("/dev/full", quiet())
	if err != nil {
		t.Skip(err)
	}
	for range 3 * logQueue {
		l.add(strings.Repeat("x", 100))
	}
	if err := l.close(); err == nil || !strings.Contains(err.Error(), "write log file") {
		t.Errorf("error %v", err)
	}
}
