package cytubetest

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// dialNarrow enters the channel over a connection that takes little at a time,
// and reads nothing of it.
func dialNarrow(t *testing.T, s *Server) *websocket.Conn {
	t.Helper()
	d := websocket.Dialer{NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return conn, conn.(*net.TCPConn).SetReadBuffer(4 << 10)
	}}
	ws, resp, err := d.Dial(strings.Replace(s.URL(), "http", "ws", 1)+"/socket.io/?EIO=4&transport=websocket", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = ws.Close() })
	for _, text := range []string{"40", `42["joinChannel",{"name":"testroom"}]`} {
		if err := ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	return ws
}

// sent waits until everything for the only connection is on its way.
func sent(t *testing.T, s *Server, least int) {
	t.Helper()
	for end := time.Now().Add(patience); ; {
		done := false
		s.loop.call(func() {
			for _, c := range s.conns {
				done = c.queued > least && len(c.out) == 0
			}
		})
		if done {
			return
		}
		if time.Now().After(end) {
			t.Fatal("the frames are not sent")
		}
		time.Sleep(time.Millisecond) // the loop has them to send
	}
}

// TestGoodbyeReachesWhoReadsLate: the server closes a connection on which there
// is still something unread. What it had sent before arrives all the same, the
// goodbye included.
func TestGoodbyeReachesWhoReadsLate(t *testing.T) {
	s := start(t, Options{})
	ws := dialNarrow(t, s)
	sent(t, s, 10) // the join's
	const frames = 10
	for range frames + 1 { // the last may be in the writer's hand when the server says goodbye
		s.Channel("testroom").Emit("setMotd", strings.Repeat("x", 10_000))
	}
	sent(t, s, 10+frames+1)
	// A frame of no known kind, and more behind it than is read at once.
	if _, err := ws.NetConn().Write(append([]byte{0x8f, 0x80, 1, 2, 3, 4}, make([]byte, 64<<10)...)); err != nil {
		t.Fatal(err)
	}
	for motds := 0; ; {
		_, data, err := ws.ReadMessage()
		if strings.HasPrefix(string(data), `42["setMotd","xxx`) {
			motds++
		}
		if err == nil {
			continue
		}
		var closed *websocket.CloseError
		if !errors.As(err, &closed) || closed.Code != websocket.CloseProtocolError || motds < frames {
			t.Errorf("after %d of %d frames: %v", motds, frames, err)
		}
		return
	}
}

// TestFilteredJSONIsTheFilters: what clients are sent of a filter that can run
// is what it was made of.
func TestFilteredJSONIsTheFilters(t *testing.T) {
	f := defaultFilters[0]
	made, err := compile(f)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(marshal(made)), string(marshal(f)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestSanitizeWithoutTags: the short way gives what the tokens give.
func TestSanitizeWithoutTags(t *testing.T) {
	for _, text := range []string{
		"", "plain", `"quotes" and 'others'`, "a & b", "a > b", "&lt;b&gt;", "&amp;lt;", "&#40;x&#41;", "&quot;", "&notanentity;", "&", "日本語 🎬",
	} {
		if got, want := sanitize(text), strings.TrimSuffix(sanitize(text+"<b>"), "<b></b>"); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
