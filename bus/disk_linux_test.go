package bus_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"rosey/bus"
)

// smallDisk mounts a disk of its own and skips where that is not allowed.
func smallDisk(tb testing.TB, bytes int) string {
	tb.Helper()
	dir := tb.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", bytes)); err != nil {
		tb.Skipf("a small disk cannot be mounted here, which takes root: %v", err)
	}
	tb.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			tb.Error(err)
		}
	})
	return dir
}

// fill takes up all the room there is on dir's disk until free is called.
func fill(tb testing.TB, dir string) (free func()) {
	tb.Helper()
	path := filepath.Join(dir, "other programs' files")
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	for chunk := make([]byte, 1<<16); err == nil; _, err = f.Write(chunk) {
	}
	if !errors.Is(err, syscall.ENOSPC) {
		tb.Fatal(err)
	}
	return func() {
		if err := os.Remove(path); err != nil {
			tb.Fatal(err)
		}
	}
}

// logs keeps what is logged.
type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) has(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), text)
}

// TestFullDisk fills the disk under JetStream and makes room again: what was
// acknowledged is there once, what was refused is taken then, and connections
// of both kinds come back by themselves.
func TestFullDisk(t *testing.T) {
	for name, sync := range map[string]string{"sync always": "always", "sync now and then": "2m"} {
		t.Run(name, func(t *testing.T) {
			dir, said := smallDisk(t, 24<<20), &logs{}
			srv := startServer(t, func(o *bus.ServerOptions) {
				o.StoreDir, o.NATS.Sync = filepath.Join(dir, "jetstream"), sync
				o.Logger = slog.New(slog.NewTextHandler(said, nil))
			})
			bot := srv.connect(t, bus.RoleBot)
			inside := srv.connect(t, bus.RoleBot, func(o *bus.ConnectOptions) { o.Server = srv.Server })
			body := strings.Repeat("x", 2000)
			publish := func(c *bus.Conn, n int) error {
				_, err := c.JS.Publish(testContext(t), bus.SubjectMessageLog, fmt.Appendf(nil, "%d %s", n, body),
					jetstream.WithMsgID(fmt.Sprint(n)), jetstream.WithRetryAttempts(0))
				return err
			}
			n := 0
			for ; n < 100; n++ {
				if err := publish(bot, n); err != nil {
					t.Fatal(err)
				}
			}
			free := fill(t, dir)
			eventually(t, "the log says that the disk is full", func() bool {
				_ = bot.NC.Publish(bus.SubjectMessageLog, []byte("plain "+body)) // as Python does, without an answer
				return said.has("can store nothing more")
			})
			free()
			eventually(t, "the log says that it stores again", func() bool { return said.has("stores again") })
			for _, c := range []*bus.Conn{bot, inside} {
				eventually(t, "a publish is taken again", func() bool { return publish(c, n) == nil })
				n++
			}
			stream, err := srv.connect(t, bus.RoleAdmin).JS.Stream(testContext(t), bus.StreamWrites)
			if err != nil {
				t.Fatal(err)
			}
			have := map[string]int{}
			for seq := stream.CachedInfo().State.FirstSeq; seq <= stream.CachedInfo().State.LastSeq; seq++ {
				m, err := stream.GetMsg(testContext(t), seq)
				if err != nil {
					t.Fatalf("message %d: %v", seq, err)
				}
				number, _, _ := strings.Cut(string(m.Data), " ")
				have[number]++
			}
			for i := range n {
				if have[fmt.Sprint(i)] != 1 {
					t.Errorf("message %d is there %d times", i, have[fmt.Sprint(i)])
				}
			}
		})
	}
}
