package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/nats-io/nats.go"

	"rosey/bus"
	"rosey/bus/room"
)

// The disk under JetStream is full while lines are said and has room again:
// heartbeats say what is wrong, and then each line is in both streams once, in
// order.
func TestFullDiskLosesNothing(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=24m"); err != nil {
		t.Skipf("a small disk cannot be mounted here, which takes root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	b := startBus(t)
	b.stop()
	b.opts.StoreDir, b.opts.NATS.Sync = filepath.Join(disk, "jetstream"), "always"
	b.start()
	t.Cleanup(b.stop) // before the disk goes
	conn := b.connect(bus.RoleBot)
	books := openBooks(t, conn, true, nil)
	trouble := make(chan string, 64)
	if _, err := b.connect(bus.RoleAdmin).NC.Subscribe(bus.HeartbeatSubject("main"), func(m *nats.Msg) {
		var h bus.Heartbeat
		if json.Unmarshal(m.Data, &h) == nil && h.Error != "" {
			trouble <- h.Error
		}
	}); err != nil {
		t.Fatal(err)
	}
	var want []string
	say := func(n int) {
		for range n {
			text := fmt.Sprintf("line %d", len(want))
			want = append(want, text)
			books.tell(chatLine("Alice", text, int64(1000+len(want))))
		}
	}
	say(200)
	books.settle(t, 200)
	filler := filepath.Join(disk, "filler")
	if err := fillUp(filler); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	say(800)
	<-trouble
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	say(200)
	books.settle(t, len(want))

	events := b.events()
	numbered(t, events, len(want))
	if got := texts(events); !slices.Equal(got, want) {
		t.Errorf("%d lines in the event stream", len(got))
	}
	if got := b.logged(); !slices.Equal(got, want) {
		t.Errorf("%d lines were written to the database, want %d in order", len(got), len(want))
	}
	if conn.Link().State != room.LinkUp {
		t.Errorf("link %+v", conn.Link())
	}
}

// fillUp writes until the disk is full.
func fillUp(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	for chunk := make([]byte, 1<<16); err == nil; _, err = f.Write(chunk) {
	}
	return err
}
