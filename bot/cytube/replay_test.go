package cytube

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestReplay plays the server's side of every recorded connection that joined
// as this client does, to this client over a real websocket.
func TestReplay(t *testing.T) {
	played := 0
	for _, path := range recordings(t) {
		byConn := map[string][]record{}
		for _, r := range readRecording(t, path) {
			byConn[r.Conn] = append(byConn[r.Conn], r)
		}
		for conn, records := range byConn {
			opts, ok := asWeJoin(records)
			if !ok {
				continue
			}
			played++
			name := strings.TrimSuffix(filepath.Base(path), ".jsonl") + "/" + conn
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				replay(t, records, opts)
			})
		}
	}
	if played < 15 {
		t.Errorf("only %d connections were like ours", played)
	}
}

// asWeJoin says whether a recorded client opened as this one would, and with
// which options.
func asWeJoin(records []record) (Options, bool) {
	var said []string
	for _, r := range records {
		if r.Dir == "out" && r.Text != "3" {
			said = append(said, r.Text)
		}
	}
	if len(said) < 2 || said[0] != "40" {
		return Options{}, false
	}
	login := func(frame string) bool { return strings.HasPrefix(frame, `42["login",{"name":"`) }
	join := func(frame string) bool { return strings.HasPrefix(frame, `42["joinChannel",{"name":"`) }
	switch {
	case len(said) > 2 && login(said[1]) && join(said[2]) && !slices.ContainsFunc(said[3:], login):
		user, _, _ := strings.Cut(strings.TrimPrefix(said[1], `42["login",{"name":"`), `"`)
		return Options{User: user}, true
	case join(said[1]) && !slices.ContainsFunc(said[2:], login):
		return Options{}, true
	}
	return Options{}, false
}

// replay sends what the server sent, waiting where the client opened, and
// hears of every frame.
func replay(t *testing.T, records []record, opts Options) {
	events, ended := 0, false
	opening := 2 // frames of ours before which the server waits
	if opts.User != "" {
		opening++
	}
	s := serve(t, false, func(p *peer) {
		heard := 0
		for _, r := range records {
			switch {
			case r.Dir == "in" && !p.send(r.Text):
				return
			case r.Dir == "out" && heard < opening:
				heard++
				p.next()
			}
		}
	})
	hasJoined := false
	for _, r := range records {
		if r.Dir != "in" || ended {
			continue
		}
		f, err := parseFrame([]byte(r.Text))
		if err != nil {
			t.Fatal(err)
		}
		if f.kind == frameEvent {
			events++
		}
		hasJoined = hasJoined || f.name == "userlist"
		ended = f.name == "kick" || f.kind == frameLeft
	}
	opts.Domain, opts.Channel, opts.Timeout = s.URL, "testroom", patience
	session := dial(t, opts)
	got, end := all(t, session)
	stats := session.Stats()
	if len(got)+int(stats.Ignored) != events || stats.Unknown != 0 || stats.Malformed != 0 {
		t.Errorf("%d events of %d came, %+v, %v", len(got), events, stats, end)
	}
	select {
	case <-session.Joined():
	default:
		if hasJoined {
			t.Error("not joined")
		}
	}
	if last := got[len(got)-1]; last.At.IsZero() || time.Since(last.At) > time.Hour {
		t.Errorf("last event came at %s", last.At)
	}
}
