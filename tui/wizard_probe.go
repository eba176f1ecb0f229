package tui

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
	"rosey/migrate"
)

// probed is what trying a choice showed.
type probed struct {
	text string
	mood probeMood
}

type probeMood int

const (
	probeGood probeMood = iota
	probeNote           // not there, which is fine
	probeBad
)

func (r probed) rows(m *model, known bool, w int) []string {
	s := m.styles
	if !known {
		return []string{s.muted.paint("trying …")}
	}
	mark := map[probeMood]string{probeGood: s.good.paint("✓ "), probeNote: s.muted.paint("· "), probeBad: s.bad.paint("✗ ")}[r.mood]
	return m.marked(mark, s.muted, room.Clean(r.text), w)
}

// probeWait bounds one try.
const probeWait = 6 * time.Second

// probeNATS tries a server. Paths are those of a config in folder. It blocks:
// commands call it.
func probeNATS(ctx context.Context, n config.NATS, folder, stateDir string) probed {
	ctx, cancel := context.WithTimeout(ctx, probeWait)
	defer cancel()
	for _, path := range []*string{&n.Creds, &n.TLS.CA, &n.TLS.Cert, &n.TLS.Key} {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(folder, *path)
		}
	}
	need, err := bus.NeedServer(ctx, n)
	switch {
	case err != nil:
		return probed{err.Error(), probeBad}
	case need:
		return probed{"nothing answers at " + config.RedactURL(n.URL) + ": rosey starts its own there", probeGood}
	}
	conn, err := bus.Connect(ctx, bus.ConnectOptions{NATS: n, Role: bus.RoleOf(n, bus.RoleOperator), Name: "rosey-migrate", StateDir: stateDir})
	if err != nil {
		return probed{err.Error(), probeBad}
	}
	defer func() { _ = conn.Close(ctx) }() // nothing was sent that could be lost
	text := fmt.Sprintf("nats-server %s answers at %s", conn.NC.ConnectedServerVersion(), conn.Link().URL)
	if rtt, err := conn.RTT(); err == nil {
		text += ", round trip " + milliseconds(float64(rtt)/float64(time.Millisecond))
	}
	if state, err := conn.NC.TLSConnectionState(); err == nil {
		text += ", " + tls.VersionName(state.Version)
	}
	if has, _ := conn.NC.ConnectedServerJetStream(); !has {
		return probed{text + ", without JetStream: a crash of the database service loses what is in flight", probeNote}
	}
	return probed{text + ", with JetStream", probeGood}
}

// probeDatabase looks at the database. It blocks: commands call it.
func probeDatabase(ctx context.Context, plan *migrate.Plan, with *migrate.Databases) probed {
	path, found := plan.FindDatabase()
	switch {
	case path == "":
		return probed{"name a file", probeBad}
	case !found:
		return probed{"there is none at " + path + ": rosey makes it when it starts", probeNote}
	case with == nil:
		return probed{path + " is there", probeGood}
	}
	c, err := with.Inspect(ctx, path, true)
	if err != nil && ctx.Err() == nil { // the old bot may be at work on it
		var again error
		if c, again = with.Inspect(ctx, path, false); again != nil {
			return probed{errors.Join(err, again).Error(), probeBad}
		}
	}
	return probed{fmt.Sprintf("%s is sound: %s, %s in %s, %s", path, c.Schema, count(uint64(c.Rows()), "row"), count(uint64(len(c.Tables)), "table"), bytesText(float64(c.Bytes))), probeGood}
}
