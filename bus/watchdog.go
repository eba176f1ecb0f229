package bus

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"rosey/bus/room"
)

const (
	// healthEvery is how often the embedded server is asked how it is. The
	// question is a look at its own notes.
	healthEvery = time.Second
	// restartMax bounds the growing pause between two restarts that did not
	// help; a server that was well for as long begins anew.
	restartMax = time.Minute
	// spareRoom is how much must fit on the disk before a restart is worth it.
	spareRoom = 1 << 20
)

// A watchdog brings the embedded server back after its disk was full. The
// server closes a stream for good at the first write that fails: it takes
// nothing more and answers nothing, also when there is room again. Only reading
// the store anew helps, so that is what the watchdog does once there is room.
// Clients lose their link for a moment and come back by themselves; what was
// not acknowledged they send again.
type watchdog struct {
	s       *Server
	options *server.Options
	told    bool          // the present trouble was logged
	wellAt  time.Time     // since when the server has been well; zero while it is not
	pause   time.Duration // after the last restart
	next    time.Time     // no restart before
}

// run watches until ctx ends.
func (w *watchdog) run(ctx context.Context) {
	tick := time.NewTicker(healthEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			w.look(ctx, now)
		}
	}
}

func (w *watchdog) look(ctx context.Context, now time.Time) {
	err := w.s.health()
	if err == nil {
		w.well(now)
		return
	}
	w.wellAt = time.Time{}
	if !w.told {
		w.s.log.out.Error("NATS can store nothing more: make room on its disk, then it goes on by itself. What it acknowledged is safe; the bot keeps what comes and sends it then",
			"folder", w.options.StoreDir, "error", err)
		w.told = true
	}
	if now.Before(w.next) || !hasRoom(w.options.StoreDir) {
		return
	}
	w.pause = min(max(healthEvery, 2*w.pause), restartMax)
	w.next = now.Add(w.pause)
	if err := w.s.restart(ctx, w.options); err != nil {
		w.s.log.out.Error("NATS could not be started again, it is tried on", "in", w.pause, "error", err)
	}
}

func (w *watchdog) well(now time.Time) {
	if w.told {
		w.s.log.out.Warn("NATS stores again")
		w.told = false
	}
	if w.wellAt.IsZero() {
		w.wellAt = now
	}
	if now.Sub(w.wellAt) > restartMax {
		w.pause = 0
	}
}

// health tells why the server can store nothing. What else the server may find
// wrong, such as a stream that is just being removed, no restart would mend.
func (s *Server) health() error {
	ns := s.ns.Load()
	if !ns.Running() || !ns.JetStreamEnabled() {
		return errors.New("JetStream does not run")
	}
	for _, e := range ns.Healthz(&server.HealthzOptions{Details: true}).Errors {
		if e.Type == server.HealthzErrorStream && strings.Contains(e.Error, "write error") {
			return errors.New(room.Clean(e.Error))
		}
	}
	return nil
}

// hasRoom tries whether the disk of dir takes a file. Asking the system how
// much is free would not count quotas.
func hasRoom(dir string) bool {
	probe := filepath.Join(dir, "room.probe")
	defer os.Remove(probe)
	f, err := os.OpenFile(probe, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return false
	}
	_, err = f.Write(make([]byte, spareRoom))
	return errors.Join(err, f.Sync(), f.Close()) == nil
}

// restart starts a new server on the store and the address of the present one.
func (s *Server) restart(ctx context.Context, o *server.Options) error {
	old := s.ns.Load()
	old.Shutdown()
	old.WaitForShutdown()
	if err := s.start(ctx, o.Clone()); err != nil {
		return fmt.Errorf("start NATS server again: %w", err)
	}
	return nil
}
