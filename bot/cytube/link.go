package cytube

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"rosey/bus/room"
)

const (
	// maxFrame bounds what is read: an emote list has no limit of its own.
	maxFrame = 16 << 20

	// maxPayload is the server's limit on what is sent to it (PROTOCOL.md §2).
	maxPayload = 1 << 20

	writeTimeout = 10 * time.Second

	// keepBuffer is the largest read buffer kept from frame to frame.
	keepBuffer = 1 << 20

	// Silence is how long a server may be quiet. The open frame's own numbers
	// (25 s and 120 s) count within these bounds.
	defaultSilence = 145 * time.Second
	longestSilence = 10 * time.Minute

	// pongSilence is the shorter silence that counts once the server has
	// answered our websocket pings, in units of the time between them.
	pongSilence = 4
)

// ErrTooLarge says that an event is too large for the server.
var ErrTooLarge = errors.New("the event is larger than the 1 MiB the server takes")

// link is the websocket with Engine.IO's rules for staying alive. One
// goroutine reads; any may write.
type link struct {
	conn    *websocket.Conn
	writing chan struct{} // holds one token: the right to write

	rtt   atomic.Int64
	epoch time.Time // pings carry the time since

	// The rest belongs to the reader.
	buffer   bytes.Buffer
	silence  time.Duration // longest wait for the next bytes of a frame
	pongWait time.Duration // longest wait for anything at all, once pongs come
	ponged   bool
	deadline time.Time // of the read under way; zero for none
	expected time.Time // when silence will have been too long
}

func newLink(conn *websocket.Conn, pingEvery time.Duration) *link {
	conn.SetReadLimit(maxFrame)
	l := &link{
		conn:     conn,
		writing:  make(chan struct{}, 1),
		silence:  defaultSilence,
		pongWait: pongSilence * pingEvery,
		epoch:    time.Now(),
	}
	conn.SetPongHandler(l.pong)
	return l
}

// enter reads the open frame and joins the default namespace, before which
// nothing may be sent (PROTOCOL.md §2).
func (l *link) enter(deadline time.Time) *End {
	sent := false
	for {
		data, err := l.read(deadline)
		if err != nil {
			return &End{Cause: CauseNetwork, Reason: "the server closed or fell silent while we were entering", Err: err}
		}
		f, err := parseFrame(data)
		if err != nil {
			return &End{Cause: CauseProtocol, Reason: "the server does not speak Socket.IO: check the domain", Wait: 30 * time.Second, Err: err}
		}
		switch f.kind {
		case frameOpen:
			l.setSilence(f.arg)
			if !sent {
				err, sent = l.write(context.Background(), []byte(frameEntered)), true
			}
		case framePing:
			err = l.write(context.Background(), []byte(framePong))
		case frameEntered:
			return nil
		case frameRefused:
			return refusal(f.arg)
		}
		if err != nil {
			return &End{Cause: CauseNetwork, Reason: "the connection broke while we were entering", Err: err}
		}
	}
}

// setSilence takes the server's ping interval and timeout: a server quieter
// than their sum is gone (PROTOCOL.md §2).
func (l *link) setSilence(open []byte) {
	var hello struct {
		PingInterval number `json:"pingInterval"`
		PingTimeout  number `json:"pingTimeout"`
	}
	if json.Unmarshal(open, &hello) != nil {
		return
	}
	sum := float64(hello.PingInterval) + float64(hello.PingTimeout)
	if sum > 0 {
		l.silence = time.Duration(min(sum, float64(longestSilence/time.Millisecond))) * time.Millisecond
	}
}

// read gives the next frame. The bytes are good until the next read. It fails
// when the deadline passes, when there is one, and when the server has been
// silent for too long: no byte of a frame for as long as its own numbers
// allow, or, if it used to answer our pings, nothing at all for a while.
func (l *link) read(deadline time.Time) ([]byte, error) {
	l.deadline = deadline
	l.heard()
	kind, reader, err := l.conn.NextReader()
	if err != nil {
		return nil, err
	}
	if l.buffer.Cap() > keepBuffer {
		l.buffer = bytes.Buffer{}
	}
	l.buffer.Reset()
	if _, err := l.buffer.ReadFrom(patient{reader, l}); err != nil {
		return nil, err
	}
	if kind != websocket.TextMessage {
		return nil, nil // the server sends text only: counted as malformed
	}
	return l.buffer.Bytes(), nil
}

// patient gives each piece of a large frame its own time.
type patient struct {
	frame io.Reader
	link  *link
}

// Read implements io.Reader.
func (p patient) Read(b []byte) (int, error) {
	p.link.heard()
	return p.frame.Read(b)
}

// heard notes a sign of life.
func (l *link) heard() {
	l.expected = time.Now().Add(l.silence)
	l.extend()
}

func (l *link) extend() {
	until := l.expected
	if l.ponged {
		until = earlier(until, time.Now().Add(l.pongWait))
	}
	if !l.deadline.IsZero() {
		until = earlier(until, l.deadline)
	}
	// An error here is a closed connection, which the read reports.
	_ = l.conn.SetReadDeadline(until)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// write sends one text frame. The context bounds the wait for other writers;
// the write itself has its own deadline, since one cut short would leave the
// connection useless.
func (l *link) write(ctx context.Context, data []byte) error {
	if len(data) > maxPayload {
		return ErrTooLarge
	}
	select {
	case l.writing <- struct{}{}:
		defer func() { <-l.writing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := l.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return fmt.Errorf("set write deadline: %w", err)
	}
	return l.conn.WriteMessage(websocket.TextMessage, data)
}

// ping sends a websocket ping, which the server's websocket library answers
// by itself; an Engine.IO ping from a client would end the connection
// (PROTOCOL.md §2).
func (l *link) ping() error {
	payload := strconv.AppendInt(nil, int64(time.Since(l.epoch)), 10)
	return l.conn.WriteControl(websocket.PingMessage, payload, time.Now().Add(writeTimeout))
}

// pong runs on the reader. It shows that the machine is there, but only
// frames show that CyTube is.
func (l *link) pong(payload string) error {
	sent, err := strconv.ParseInt(payload, 10, 64)
	rtt := time.Since(l.epoch) - time.Duration(sent)
	if err == nil && sent >= 0 && rtt > 0 {
		l.rtt.Store(int64(rtt))
	}
	l.ponged = true
	l.extend()
	return nil
}

// close may be called often and from anywhere; it makes reads and writes fail.
func (l *link) close() { _ = l.conn.Close() }

// leave says goodbye and closes.
func (l *link) leave() {
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = l.conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(100*time.Millisecond))
	l.close()
}

// refusal is the end for a 44 frame: {"message":TEXT} (PROTOCOL.md §2).
func refusal(payload []byte) *End {
	var refused struct {
		Message string `json:"message"`
	}
	// Without a message the refusal stands all the same.
	_ = json.Unmarshal(payload, &refused)
	return refusedWith(room.Clean(cut(refused.Message, maxLine)))
}
