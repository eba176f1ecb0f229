package tui

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"
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
	what string // what was tried
}

// of says what it is about.
func (r probed) of(what string) probed {
	r.what = what
	return r
}

type probeMood int

const (
	probeGood probeMood = iota
	probeNote           // not there, which is fine
	probeBad
)

// rows is the verdict on what is chosen now, if it is that which was tried.
func (r probed) rows(m *model, chosen, tried string, w int) []string {
	s := m.styles
	switch {
	case chosen != tried:
		return []string{s.muted.paint("not tried yet")}
	case chosen != r.what:
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
	if n.Embedded != config.EmbeddedNo {
		if wrong := ownAddress(n.URL); wrong != "" {
			return probed{text: wrong, mood: probeBad}
		}
	}
	if err := fromFolder(&n, folder); err != nil {
		return probed{text: err.Error(), mood: probeBad}
	}
	need, err := bus.NeedServer(ctx, n)
	switch {
	case err != nil:
		return probed{text: err.Error(), mood: probeBad}
	case need:
		return probeFree(ctx, n)
	}
	conn, err := bus.Connect(ctx, bus.ConnectOptions{NATS: n, Role: bus.RoleOf(n, bus.RoleOperator), Name: "rosey-migrate", StateDir: stateDir})
	if err != nil {
		return probed{text: err.Error(), mood: probeBad}
	}
	defer func() { _ = conn.Close(ctx) }() // nothing was sent that could be lost
	text := fmt.Sprintf("nats-server %s answers at %s", conn.NC.ConnectedServerVersion(), conn.Link().URL)
	if n.Embedded != config.EmbeddedNo {
		if conn.NC.ConnectedServerName() == "rosey" {
			text = "a rosey that runs has its server there: " + text
		} else {
			text = "another NATS server is there, and rosey will use that: " + text
		}
	}
	if rtt, err := conn.RTT(ctx); err == nil {
		text += ", round trip " + milliseconds(float64(rtt)/float64(time.Millisecond))
	}
	if state, err := conn.NC.TLSConnectionState(); err == nil {
		text += ", " + tls.VersionName(state.Version)
	}
	if has, _ := conn.NC.ConnectedServerJetStream(); !has {
		return probed{text: text + ", without JetStream: a crash of the database service loses what is in flight", mood: probeNote}
	}
	return probed{text: text + ", with JetStream", mood: probeGood}
}

// fromFolder finds the files that n names, as the loader does for a config in
// folder, and reads the password.
func fromFolder(n *config.NATS, folder string) (err error) {
	for _, path := range []*string{&n.Creds, &n.NKey, &n.TLS.CA, &n.TLS.Cert, &n.TLS.Key} {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(folder, *path)
		}
	}
	if n.PasswordFile != "" {
		if n.Password, err = config.PasswordIn(folder, n.PasswordFile); err != nil {
			return fmt.Errorf("read the password file: %w", err)
		}
	}
	return nil
}

// ownAddress says what is wrong with an address for rosey's own server; empty
// when nothing is.
func ownAddress(address string) string {
	host, port, err := net.SplitHostPort(strings.TrimPrefix(address, natsScheme))
	n, bad := strconv.ParseUint(port, 10, 16)
	ip := net.ParseIP(host)
	switch {
	case err != nil || bad != nil || n == 0 || host == "":
		return "name an address of this machine and a port, such as localhost:4222"
	case !strings.EqualFold(host, "localhost") && (ip == nil || !ip.IsLoopback()):
		return "rosey's own server listens on this machine only: localhost, 127.0.0.1 or [::1]; for others choose a server of yours"
	}
	return ""
}

// probeFree tells whether rosey could listen where nobody does.
func probeFree(ctx context.Context, n config.NATS) probed {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", strings.TrimPrefix(n.URL, natsScheme))
	if err != nil {
		return probed{text: "nothing answers there, and rosey cannot listen there either: " + err.Error(), mood: probeBad}
	}
	_ = l.Close() // nobody came
	if err := bus.CheckStore(n); err != nil {
		return probed{text: "nothing answers there, but rosey's own server would not start: " + err.Error(), mood: probeBad}
	}
	return probed{text: "nothing answers at " + n.URL + ": rosey starts its own there", mood: probeGood}
}

// impossible says why no database can be where a person chose, without the
// config's key: they did not write it there.
func impossible(plan *migrate.Plan) error {
	var bad *config.Error
	if err := plan.CheckDatabase(); !errors.As(err, &bad) {
		return err
	}
	return errors.New(bad.Problems[0].What + ": " + bad.Problems[0].Do)
}

// probeDatabase looks at the database. It blocks: commands call it.
func probeDatabase(ctx context.Context, plan *migrate.Plan, with *migrate.Databases) probed {
	path, found := plan.FindDatabase()
	switch {
	case path == "":
		return probed{text: "name a file", mood: probeBad}
	case !found:
		if err := impossible(plan); err != nil {
			return probed{text: err.Error(), mood: probeBad}
		}
		return probed{text: plan.NoDatabase(), mood: probeNote}
	case with == nil:
		return probed{text: path + " is there", mood: probeGood}
	}
	c, err := with.Inspect(ctx, path, true)
	if err != nil && ctx.Err() == nil { // the old bot may be at work on it
		var again error
		if c, again = with.Inspect(ctx, path, false); again != nil {
			return probed{text: again.Error(), mood: probeBad} // as the migration would say it
		}
	}
	text := fmt.Sprintf("%s is sound: %s, %s in %s, %s", path, c.Schema, count(uint64(c.Rows()), "row"), count(uint64(len(c.Tables)), "table"), bytesText(float64(c.Bytes)))
	if path != plan.Database {
		text += "; it lies beside the config, so its whole path is written"
	}
	return probed{text: text, mood: probeGood}
}
