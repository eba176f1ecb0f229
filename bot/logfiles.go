package bot

import (
	"bufio"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"rosey/bus/room"
	"rosey/config"
)

// logQueue is how many lines may wait for the disk; what comes beyond is
// dropped and counted, because a slow disk must not hold a room back.
const logQueue = 4096

// A logFile appends lines to one file on a goroutine of its own. A nil logFile
// takes lines and keeps nothing.
type logFile struct {
	file    *os.File
	lines   chan string
	done    sync.WaitGroup
	dropped atomic.Uint64
	log     *slog.Logger
	err     error // the first; run's until done
}

// openLogFile opens path for appending, made readable by its owner alone.
func openLogFile(path string, log *slog.Logger) (*logFile, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log file: %w", err)
	}
	l := &logFile{file: f, lines: make(chan string, logQueue), log: log}
	l.done.Go(l.run)
	return l, nil
}

// add appends a line without waiting.
func (l *logFile) add(line string) {
	if l == nil {
		return
	}
	select {
	case l.lines <- line:
	default:
		if n := l.dropped.Add(1); n&(n-1) == 0 { // say it at 1, 2, 4, 8 …
			l.log.Warn("log lines were dropped: the disk does not keep up", "file", l.file.Name(), "dropped", n)
		}
	}
}

// run writes what comes, and to the file as soon as nothing more waits.
func (l *logFile) run() {
	w := bufio.NewWriter(l.file)
	for line := range l.lines {
		_, err := w.WriteString(line + "\n")
		if len(l.lines) == 0 {
			err = errors.Join(err, w.Flush())
		}
		if err != nil {
			if l.err == nil {
				l.log.Error("log file cannot be written", "file", l.file.Name(), "error", err)
				l.err = fmt.Errorf("write log file: %w", err)
			}
			w.Reset(l.file) // a full disk may have room again for the next line
		}
	}
	if err := w.Flush(); err != nil && l.err == nil {
		l.err = fmt.Errorf("write log file: %w", err)
	}
}

func (l *logFile) close() error {
	if l == nil {
		return nil
	}
	close(l.lines)
	l.done.Wait()
	return errors.Join(l.err, l.file.Close())
}

// logFiles are the chat log and the media log of v0.5.0 (COMPAT.md §5), one
// pair for the process. Times are the machine's local time. With several rooms
// each line names its room behind the time; with one it reads as v0.5.0's.
type logFiles struct {
	chat, media *logFile
	several     bool
}

func openLogFiles(cfg config.Logging, several bool, log *slog.Logger) (*logFiles, error) {
	chat, err := openLogFile(cfg.ChatLogFile, log)
	if err != nil {
		return nil, err
	}
	media, err := openLogFile(cfg.MediaLogFile, log)
	if err != nil {
		return nil, errors.Join(err, chat.close())
	}
	return &logFiles{chat: chat, media: media, several: several}, nil
}

func (l *logFiles) close() error { return errors.Join(l.chat.close(), l.media.close()) }

// Layouts of the times in the logs: [dd/mm/YYYY HH:MM:SS] and
// [YYYY-MM-DD HH:MM:SS].
const (
	chatTime  = "02/01/2006 15:04:05"
	mediaTime = "2006-01-02 15:04:05"
)

// A scribe writes one room into the log files. Only the desk uses it.
type scribe struct {
	files  *logFiles
	prefix string
	last   played
}

// played tells one playing of an item from the next.
type played struct {
	uid      int
	kind, id string
}

func newScribe(files *logFiles, roomName string) *scribe {
	s := &scribe{files: files}
	if files.several {
		s.prefix = "[" + room.Clean(roomName) + "] "
	}
	return s
}

// note writes down what people said and what began to play. The server's own
// whispers are not chat. Shadow-muted lines are written: the file is the
// operators'.
func (s *scribe) note(state *room.State, e room.Event, at time.Time) {
	switch e := e.(type) {
	case *room.Message:
		if !e.Server {
			s.say(time.UnixMilli(e.Time), e.User, e.Content)
		}
	case *room.PM:
		s.say(time.UnixMilli(e.Time), e.User+" -> "+e.Recipient, e.Content)
	case *room.MediaChange:
		s.play(state, e.Media, at)
	}
}

func (s *scribe) say(at time.Time, who, text string) {
	s.files.chat.add(fmt.Sprintf("[%s] %s%s: %s", at.Local().Format(chatTime), s.prefix, who, text))
}

// play writes an item down once, though each join brings it again.
func (s *scribe) play(state *room.State, m room.Media, at time.Time) {
	now := played{uid: state.Current, kind: m.Type, id: m.ID}
	if now == s.last {
		return
	}
	s.last = now
	queuer := ""
	// setCurrent may come before the item's queue; then it has no queuer yet.
	if item, _, ok := state.Item(state.Current); ok && item.Media.ID == m.ID {
		queuer = item.QueueBy
	}
	s.files.media.add(fmt.Sprintf(`[%s] %s%s: %s "%s"`, at.Local().Format(mediaTime), s.prefix, queuer, mediaURL(m), m.Title))
}
