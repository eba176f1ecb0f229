package dbsvc_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rosey/bus"
)

// TestFullDisk fills the disk under the database: writes wait in the stream,
// health says why, queries go on, and when there is room each is stored once.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=16m"); err != nil {
		t.Skipf("a small disk cannot be mounted here, which takes root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	srv := startNATS(t, "2m") // on another disk
	path := filepath.Join(disk, "bot_data.db")
	s := srv.serve(t, path)
	bot := srv.connect(t, bus.RoleBot)
	say(t, bot, 0, 100)
	applied(t, bot, s)

	filler := filepath.Join(disk, "filler")
	if err := fillUp(filler); !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	said := 100
	eventually(t, "health says that the disk is full", func() bool {
		say(t, bot, said, said+100)
		said += 100
		return strings.Contains(s.Health().Error, "disk is full")
	})
	say(t, bot, said, said+100)
	said += 100
	waits := s.Health().Applied
	if waits >= uint64(said) {
		t.Fatalf("%d of %d writes are stored on a full disk", waits, said)
	}
	reply, err := bus.Request[bus.ChannelStatsReply](testContext(t), bot, bus.SubjectChannelStats, nil)
	if err != nil || reply.Error != "" {
		t.Errorf("a query while the disk is full: %+v, %v", reply, err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	applied(t, bot, s)
	expectLines(t, path, said)
	eventually(t, "health is well again", func() bool { return s.Health().Error == "" })
	if h := s.Health(); h.Lost != 0 || h.Bad != 0 {
		t.Errorf("health: %+v", h)
	}
	closeService(t, s)
}

// fillUp writes until the disk is full.
func fillUp(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	for chunk := make([]byte, 4<<10); err == nil; _, err = f.Write(chunk) {
	}
	return err
}
