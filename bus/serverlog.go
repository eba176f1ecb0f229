package bus

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"rosey/bus/room"
)

// serverLog passes the embedded server's log on. The server's own fatal logger
// ends the process; this one remembers what was said, for StartServer's error.
type serverLog struct {
	out   *slog.Logger
	debug bool

	mu   sync.Mutex
	last string
}

func newServerLog(out *slog.Logger) *serverLog {
	if out == nil {
		out = slog.New(slog.DiscardHandler)
	}
	return &serverLog{out: out, debug: out.Enabled(context.Background(), slog.LevelDebug)}
}

func (l *serverLog) log(level slog.Level, format string, v []any) {
	if l.out.Enabled(context.Background(), level) {
		l.out.Log(context.Background(), level, "NATS server: "+room.Clean(fmt.Sprintf(format, v...)))
	}
}

// Noticef and the others are the server's levels. Its notices are a banner of
// thirty lines at each start, which only debugging wants.
func (l *serverLog) Noticef(format string, v ...any) { l.log(slog.LevelDebug, format, v) }
func (l *serverLog) Errorf(format string, v ...any)  { l.log(slog.LevelError, format, v) }
func (l *serverLog) Debugf(format string, v ...any)  { l.log(slog.LevelDebug, format, v) }
func (l *serverLog) Tracef(format string, v ...any)  { l.log(slog.LevelDebug, format, v) }

// Warnf is quiet about the one warning that every start would give: the
// passwords are random, lie in files of ours, and need no hashing in memory.
func (l *serverLog) Warnf(format string, v ...any) {
	level := slog.LevelWarn
	if strings.HasPrefix(format, "Plaintext passwords detected") {
		level = slog.LevelDebug
	}
	l.log(level, format, v)
}

func (l *serverLog) Fatalf(format string, v ...any) {
	l.mu.Lock()
	l.last = room.Clean(fmt.Sprintf(format, v...))
	l.mu.Unlock()
	l.log(slog.LevelError, format, v)
}

func (l *serverLog) fatal() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}
