package cytubetest

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxPayload   = 1 << 20 // the longest message from a client
	writeTimeout = 10 * time.Second
	lingerTime   = 2 * time.Second // for a client to hear why it is closed

	// sendQueue is how many frames may wait for a client. One that has so
	// many unread is cut off.
	sendQueue = 4096
)

// conn is one websocket. Its two goroutines move bytes; the fields after out
// belong to the loop.
type conn struct {
	s       *Server
	id      int
	ip      string
	cookie  string
	version int // of Engine.IO: 4, or 3 for all else
	ws      *websocket.Conn
	out     chan message
	gone    chan struct{} // closed when nothing more is to be sent

	user     *user // nil outside the namespace
	queued   int   // messages so far
	entering bool
	closing  bool
	muted    bool // a stalled server sends nothing
	entry    *timer
	ping     *timer
}

// message is one websocket message on its way out.
type message struct {
	kind int // websocket.TextMessage, BinaryMessage or CloseMessage
	data []byte
}

func newConn(s *Server, ws *websocket.Conn, four bool) *conn {
	c := &conn{s: s, ws: ws, version: 3, out: make(chan message, sendQueue), gone: make(chan struct{})}
	if four {
		c.version = 4
	}
	return c
}

// run reads the websocket until it ends, and ends the writer with it.
func (c *conn) run() {
	var writing sync.WaitGroup
	if c.s.loop.call(c.open) {
		writing.Go(c.write)
		c.read()
		c.s.loop.call(c.closed)
	}
	close(c.gone)
	_ = c.ws.NetConn().Close()
	writing.Wait()
}

// read hands every message to the loop.
func (c *conn) read() {
	c.ws.SetReadLimit(maxPayload)
	for {
		kind, data, err := c.ws.ReadMessage()
		if err != nil && !ended(err) {
			c.linger()
		}
		if err != nil || !c.s.wire.passConn(c.gone) {
			return
		}
		c.s.loop.post(func() { c.received(kind, data) })
	}
}

// ended tells whether a read failed because the connection is over or has been
// waited for long enough. All else is what the client may not send, of which
// the websocket's library tells it.
func ended(err error) bool {
	var closed *websocket.CloseError
	return errors.As(err, &closed) || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, net.ErrClosed)
}

// linger hangs up and takes what the client still sends. A connection closed
// with unread bytes is reset, and a reset takes from the client the frames that
// it has not got yet.
func (c *conn) linger() {
	c.hangUp()
	_, _ = io.Copy(io.Discard, c.ws.NetConn())
}

// hangUp ends the server's half of the connection after its last frame, and
// gives the client a moment to do the same.
func (c *conn) hangUp() {
	if half, ok := c.ws.NetConn().(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	_ = c.ws.NetConn().SetReadDeadline(time.Now().Add(lingerTime))
}

// write sends what is queued until a close frame or the end.
func (c *conn) write() {
	for {
		select {
		case m := <-c.out:
			if !c.s.wire.passConn(c.gone) {
				return
			}
			c.s.wire.slow()
			if !c.writeOne(m) {
				return
			}
		case <-c.gone:
			return
		}
	}
}

// writeOne sends one message; it is false when it was the last.
func (c *conn) writeOne(m message) bool {
	deadline := time.Now().Add(writeTimeout)
	if m.kind == websocket.CloseMessage {
		_ = c.ws.WriteControl(m.kind, m.data, deadline)
		c.hangUp()
		return false
	}
	_ = c.ws.SetWriteDeadline(deadline)
	err := c.ws.WriteMessage(m.kind, m.data)
	if err != nil && !errors.Is(err, websocket.ErrCloseSent) { // then the reader lingers
		_ = c.ws.NetConn().Close()
	}
	return err == nil
}

// send queues a text frame. It is for the loop.
func (c *conn) send(text []byte) { c.enqueue(message{websocket.TextMessage, text}) }

func (c *conn) enqueue(m message) {
	if c.closing || c.muted {
		return
	}
	select {
	case c.out <- m:
		c.queued++
	default:
		c.s.log.Debug("cytubetest cuts off a client that does not read", "conn", c.id)
		c.cut()
	}
}

// close says goodbye with an empty close frame, which clients see as 1005.
func (c *conn) close() {
	c.enqueue(message{kind: websocket.CloseMessage})
	c.leave()
	c.closing = true
}

// cut ends the TCP connection without a word.
func (c *conn) cut() {
	c.closing = true
	_ = c.ws.NetConn().Close()
}

// leave takes the user out, if the connection is in the namespace.
func (c *conn) leave() {
	if u := c.user; u != nil {
		c.user = nil
		u.disconnected()
	}
}

// open is the connection's first step on the loop.
func (c *conn) open() {
	s := c.s
	s.opened++
	c.id = s.opened
	s.conns[c.id] = c
	if s.down {
		c.cut()
		return
	}
	if s.faults.stall == StallOpen {
		c.muted = true
	}
	c.handshake()
}

// closed is its last.
func (c *conn) closed() {
	c.closing = true
	c.entry.stop()
	c.ping.stop()
	delete(c.s.conns, c.id)
	c.leave()
}
