package cytube

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

const (
	patience = 20 * time.Second // for what must happen
	helloNow = `0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":120000,"maxPayload":1048576}`
	entered  = `40{"sid":"n"}`
	someone  = `42["userlist",[{"name":"rosey","rank":3,"profile":{},"meta":{}}]]`
)

// site is a server that plays a script to each websocket. It is no CyTube:
// cytubetest is. It does what CyTube never would.
type site struct {
	*httptest.Server
	done chan struct{}

	mu     sync.Mutex
	closed bool
	work   sync.WaitGroup // scripts, which http.Server.Close does not wait for
}

// begin counts a script in, unless the test is over.
func (s *site) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.work.Add(1)
	}
	return !s.closed
}

func (s *site) stop() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	close(s.done)
	s.Server.CloseClientConnections()
	s.Server.Close()
	s.work.Wait()
}

// serve starts a site; secure gives it TLS.
func serve(t *testing.T, secure bool, script func(*peer)) *site {
	t.Helper()
	s := &site{done: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("/socketconfig/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"servers":[{"url":%q,"secure":%t}]}`, s.URL, secure)
	})
	upgrader := websocket.Upgrader{}
	mux.HandleFunc("/socket.io/", func(w http.ResponseWriter, r *http.Request) {
		if !s.begin() {
			return
		}
		defer s.work.Done()
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		p := &peer{Conn: conn, t: t, done: s.done}
		script(p)
		p.leave()
	})
	if secure {
		s.Server = httptest.NewTLSServer(mux)
	} else {
		s.Server = httptest.NewServer(mux)
	}
	t.Cleanup(s.stop)
	return s
}

// peer is the server's end of one websocket.
type peer struct {
	*websocket.Conn
	t    *testing.T
	done chan struct{} // the test is over
}

// send writes frames until one cannot be written, which a client that has
// left makes happen.
func (p *peer) send(frames ...string) bool {
	for _, frame := range frames {
		if p.WriteMessage(websocket.TextMessage, []byte(frame)) != nil {
			return false
		}
	}
	return true
}

// next is the next frame from the client, "" when it has gone.
func (p *peer) next() string {
	_ = p.SetReadDeadline(time.Now().Add(patience))
	_, data, err := p.ReadMessage()
	if err != nil {
		return ""
	}
	return string(data)
}

// expect reads frames until one begins with prefix.
func (p *peer) expect(prefix string) string {
	for {
		frame := p.next()
		if frame == "" || strings.HasPrefix(frame, prefix) {
			return frame
		}
	}
}

// enter opens engine and namespace.
func (p *peer) enter() {
	p.send(helloNow)
	p.expect("40")
	p.send(entered)
}

// join enters and lets the client in.
func (p *peer) join() {
	p.enter()
	p.expect(`42["joinChannel"`)
	p.send(`42["rank",-1]`, someone)
}

// hold reads until the client has gone.
func (p *peer) hold() {
	for p.next() != "" {
	}
}

// leave ends the server's half of the connection and reads what the client
// still says. A connection closed with unread bytes is reset, and a reset
// takes from the client the frames that it has not read yet.
func (p *peer) leave() {
	half, ok := p.NetConn().(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil {
		return
	}
	_ = p.SetReadDeadline(time.Now().Add(patience))
	_, _ = io.Copy(io.Discard, p.NetConn())
}

// idle does nothing, not even read, until the test is over.
func (p *peer) idle() { <-p.done }

func (s *site) options() Options {
	return Options{Domain: s.URL, Channel: "testroom", Timeout: patience}
}

func dial(t *testing.T, opts Options) *Session {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	s, err := Dial(ctx, opts)
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// refusedDial dials where that must fail.
func refusedDial(t *testing.T, opts Options) *End {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	s, err := Dial(ctx, opts)
	if err == nil {
		s.Close()
		t.Fatal("dial succeeded")
	}
	var end *End
	if !errors.As(err, &end) {
		t.Fatalf("dial error is %T, not *End: %v", err, err)
	}
	return end
}

// all takes events until the session has ended.
func all(t *testing.T, s *Session) ([]Received, *End) {
	t.Helper()
	var got []Received
	late := time.After(patience)
	for {
		select {
		case r, ok := <-s.Events():
			if !ok {
				return got, s.End()
			}
			got = append(got, r)
		case <-late:
			t.Fatalf("no end after %d events", len(got))
		}
	}
}

// until takes events up to the first of that name.
func until(t *testing.T, s *Session, name string) Received {
	t.Helper()
	late := time.After(patience)
	for {
		select {
		case r, ok := <-s.Events():
			if !ok {
				t.Fatalf("ended before %s: %v", name, s.End())
			}
			if r.Name == name {
				return r
			}
		case <-late:
			t.Fatalf("no %s", name)
		}
	}
}

func joined(t *testing.T, s *Session) {
	t.Helper()
	select {
	case <-s.Joined():
	case <-time.After(patience):
		t.Fatalf("not joined: %v", s.End())
	}
}

func quote(s string) string {
	data, _ := json.Marshal(s) // strings always encode
	return string(data)
}
