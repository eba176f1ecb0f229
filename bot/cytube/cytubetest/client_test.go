package cytubetest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// patience bounds every wait of the tests; none should come near it.
const patience = 20 * time.Second

// start runs a server that ends with the test.
func start(tb testing.TB, opts Options) *Server {
	tb.Helper()
	s, err := New(opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("close server: %v", err)
		}
	})
	return s
}

// client is a bare Socket.IO client: it sends text and keeps what comes.
type client struct {
	tb testing.TB
	ws *websocket.Conn
	in chan string // closed at the end of the connection

	once sync.Once
	done chan struct{} // closed when the client has had enough

	// code is the close code, valid once in is closed.
	code int
}

// dial opens a websocket from an address and enters the namespace.
func dial(tb testing.TB, s *Server, ip string) *client {
	tb.Helper()
	c := dialEngine(tb, s, ip)
	c.send("40")
	c.want("40{")
	return c
}

// dialEngine opens a websocket and reads the open frame.
func dialEngine(tb testing.TB, s *Server, ip string) *client {
	tb.Helper()
	header := http.Header{}
	if ip != "" {
		header.Set("X-Forwarded-For", ip)
	}
	url := strings.Replace(s.URL(), "http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
	ws, resp, err := websocket.DefaultDialer.Dial(url, header)
	if err != nil {
		tb.Fatalf("dial: %v", err)
	}
	_ = resp.Body.Close()
	c := &client{tb: tb, ws: ws, in: make(chan string, 1<<14), done: make(chan struct{})}
	go c.read()
	tb.Cleanup(c.close)
	c.want("0{")
	return c
}

func (c *client) read() {
	defer close(c.in)
	for {
		_, data, err := c.ws.ReadMessage()
		if err != nil {
			c.code = websocket.CloseAbnormalClosure
			if e, ok := err.(*websocket.CloseError); ok {
				c.code = e.Code
			}
			return
		}
		select {
		case c.in <- string(data):
		case <-c.done:
			return
		}
	}
}

func (c *client) close() {
	c.once.Do(func() { close(c.done) })
	_ = c.ws.Close()
}

func (c *client) send(text string) {
	c.tb.Helper()
	if err := c.ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		c.tb.Fatalf("send %.80s: %v", text, err)
	}
}

func (c *client) emit(name string, arg any) {
	c.tb.Helper()
	text, err := json.Marshal([]any{name, arg})
	if err != nil {
		c.tb.Fatal(err)
	}
	c.send("42" + string(text))
}

// want skips to the first frame with the prefix.
func (c *client) want(prefix string) string {
	c.tb.Helper()
	frame, skipped := c.next(prefix)
	if frame == "" {
		c.tb.Fatalf("no frame %q; got %q", prefix, skipped)
	}
	return frame
}

func (c *client) next(prefix string) (frame string, skipped []string) {
	timeout := time.After(patience)
	for {
		select {
		case f, ok := <-c.in:
			if !ok {
				return "", append(skipped, "END")
			}
			if strings.HasPrefix(f, prefix) {
				return f, skipped
			}
			skipped = append(skipped, f)
		case <-timeout:
			return "", skipped
		}
	}
}

// wantEnd skips to the end of the connection and gives its close code.
func (c *client) wantEnd() int {
	c.tb.Helper()
	if frame, skipped := c.next("never sent"); frame != "" || len(skipped) == 0 || skipped[len(skipped)-1] != "END" {
		c.tb.Fatalf("the connection did not end; got %q", skipped)
	}
	return c.code
}

// join dials, logs in if there is a name, and joins.
func join(tb testing.TB, s *Server, ip, name, password, channel string) *client {
	tb.Helper()
	c := dial(tb, s, ip)
	if name != "" {
		c.emit("login", args{"name": name, "pw": password})
		if got := c.want(`42["login"`); !strings.Contains(got, `"success":true`) {
			tb.Fatalf("login: %s", got)
		}
	}
	c.emit("joinChannel", args{"name": channel})
	c.want(`42["userlist"`)
	return c
}

func testContext(tb testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	tb.Cleanup(cancel)
	return ctx
}

// get fetches a page.
func get(tb testing.TB, url string) (status int, body string) {
	tb.Helper()
	resp, err := http.Get(url)
	if err != nil {
		tb.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return resp.StatusCode, string(data)
}
