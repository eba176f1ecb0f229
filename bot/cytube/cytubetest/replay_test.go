package cytubetest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// row is one line of a recording (PROTOCOL.md §10).
type row struct {
	T       time.Time         `json:"t"`
	MS      int               `json:"ms"`
	Conn    string            `json:"conn"`
	Dir     string            `json:"dir"`
	Text    string            `json:"text"`
	Code    int               `json:"code"`
	Headers map[string]string `json:"-"`
	Raw     json.RawMessage   `json:"headers"`
}

// readRecordings reads recordings that were made at the same time into one, in
// the order of time.
func readRecordings(t *testing.T, names []string) []row {
	t.Helper()
	var all []row
	for _, name := range names {
		rows := readRecording(t, name)
		for i := range rows {
			if len(names) > 1 && rows[i].Conn != "-" {
				rows[i].Conn = name + "/" + rows[i].Conn
			}
			rows[i].T = rows[i].T.Add(late[name])
		}
		all = append(all, rows...)
	}
	slices.SortStableFunc(all, func(a, b row) int { return a.T.Compare(b.T) })
	begin := all[0].T
	for i := range all {
		all[i].MS = int(all[i].T.Sub(begin).Milliseconds())
	}
	return all
}

func readRecording(t *testing.T, name string) []row {
	t.Helper()
	data, err := os.ReadFile("../testdata/wire/" + name + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 8<<20)
	for lines.Scan() {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		if r.Dir == "open" {
			_ = json.Unmarshal(r.Raw, &r.Headers)
		}
		rows = append(rows, r)
	}
	return rows
}

// replay plays the clients' side of a recording against a server whose clock
// stands still between the lines.
type replay struct {
	t    *testing.T
	s    *Server
	rows []row
	at   int // milliseconds played so far
	open map[string]*recorded
	all  []*recorded
	on   map[string]func(*replay) // what to do at a note
	seen map[string][]string      // events by channel, of its first newcomer
}

// recorded is one recorded connection with what came in then and now.
type recorded struct {
	name      string
	id        int // the server's number of it
	ws        *websocket.Conn
	got       chan string
	want, had []string
	pong      chan struct{}
	ended     bool
	deaf      bool // at its end: what comes is not kept
}

func (r *replay) run() {
	for i, line := range r.rows {
		if line.MS > r.at {
			r.advance(line.MS)
		}
		switch line.Dir {
		case "open":
			r.dial(line)
		case "out":
			if p := r.find(line.Conn); p != nil {
				r.say(p, line.Text)
			}
		case "in":
			p := r.find(line.Conn)
			p.want = append(p.want, line.Text)
		case "close":
			r.endTogether(i)
			r.end(line)
		case "note":
			if act := r.on[line.Text]; act != nil {
				act(r)
			}
		}
	}
	r.advance(r.at + 1)
	r.drain()
}

// advance moves the server's clock, in pieces so that frames are not all
// pressed into the end of a long pause.
func (r *replay) advance(to int) {
	r.s.Advance(time.Duration(to-r.at) * time.Millisecond)
	r.at = to
	r.drain()
}

// find gives the latest connection of that name; some lines have only the
// beginning of it.
func (r *replay) find(name string) *recorded {
	if p := r.open[name]; p != nil {
		return p
	}
	for open, p := range r.open {
		if strings.HasPrefix(open, name) {
			return p
		}
	}
	r.t.Fatalf("the recording has no connection %q open", name)
	return nil
}

func (r *replay) dial(line row) {
	p := &recorded{name: line.Conn, got: make(chan string, 1<<14), pong: make(chan struct{}, 16)}
	r.open[line.Conn] = p
	r.all = append(r.all, p)
	_, path, _ := strings.Cut(strings.SplitN(line.Text, "://", 2)[1], "/")
	header := http.Header{}
	for k, v := range line.Headers {
		header.Set(k, v)
	}
	before := r.s.Opened()
	dialer := *websocket.DefaultDialer
	if n, ok := strings.CutPrefix(line.Conn, "own"); ok { // recorded from 127.0.0.x
		host, _ := strconv.Atoi(n)
		dialer.NetDial = (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(10+host))}}).Dial
	}
	ws, resp, err := dialer.Dial("ws://"+r.s.Addr()+"/"+path, header)
	if err != nil {
		p.ended = true
		if resp == nil {
			p.had = append(p.had, closedWith(websocket.CloseAbnormalClosure))
		}
		return
	}
	p.ws = ws
	ws.SetPongHandler(func(string) error { p.pong <- struct{}{}; return nil })
	go p.read()
	for p.id = before + 1; r.s.Opened() == before; {
		time.Sleep(time.Millisecond) // the handshake ends before the server counts it
	}
	r.drain()
}

func (p *recorded) read() {
	defer close(p.got)
	for {
		_, data, err := p.ws.ReadMessage()
		if err != nil {
			if e, ok := err.(*websocket.CloseError); ok && e.Code != websocket.CloseAbnormalClosure {
				p.got <- closedWith(e.Code)
			} else {
				p.got <- closedWith(websocket.CloseAbnormalClosure)
			}
			return
		}
		p.got <- string(data)
	}
}

func closedWith(code int) string { return "closed " + string(marshal(code)) }

// say sends one frame and waits until the server has handled it.
func (r *replay) say(p *recorded, text string) {
	kind := websocket.TextMessage
	switch text {
	case "<binary 01 02>":
		kind, text = websocket.BinaryMessage, "\x01\x02"
	case `<42["chatMsg",{"msg":"x" * 2 MiB}]>`:
		text = `42["chatMsg",{"msg":"` + strings.Repeat("x", 2<<20) + `"}]`
	}
	if rest, ok := strings.CutPrefix(text, "message:"); ok {
		text = "4" + rest
	}
	if p.ended || p.ws.WriteMessage(kind, []byte(text)) != nil {
		return
	}
	r.barrier(p)
	r.drain()
}

// barrier waits until the server has read all that was sent: its reader
// answers pings in their turn. A server that has closed is done as well.
func (r *replay) barrier(p *recorded) {
	_ = p.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(patience))
	gone := time.NewTimer(patience)
	defer gone.Stop()
	for {
		select {
		case <-p.pong:
			r.s.loop.call(func() {})
			return
		case f, ok := <-p.got:
			if !ok {
				return
			}
			p.had = append(p.had, f)
			if strings.HasPrefix(f, "closed") {
				p.ended = true
				return
			}
		case <-gone.C:
			r.t.Fatalf("%s: the server does not read", p.name)
		}
	}
}

// drain takes in what the server has sent to everybody by now.
func (r *replay) drain() {
	for _, p := range r.all {
		if p.ws == nil || p.ended || p.deaf {
			continue
		}
		sent, there := 0, false
		r.s.loop.call(func() {
			if c := r.s.conns[p.id]; c != nil {
				sent, there = c.queued, !c.closing
			}
		})
		r.take(p, sent, there)
	}
}

func (r *replay) take(p *recorded, sent int, there bool) {
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	for !there || len(p.had) < sent {
		select {
		case f := <-p.got:
			p.had = append(p.had, f)
			if strings.HasPrefix(f, "closed") {
				p.ended = true
				return
			}
		case <-timeout.C:
			r.t.Fatalf("%s: the server said it sent %d frames; %d came", p.name, sent, len(p.had))
		}
	}
}

// endTogether stops listening on connections that were closed at the same
// moment, of which none saw the others go.
func (r *replay) endTogether(i int) {
	for _, line := range r.rows[i:] {
		if line.Dir != "close" || line.Code != websocket.CloseNormalClosure || line.MS > r.rows[i].MS+6 {
			return
		}
		r.find(line.Conn).deaf = true
	}
}

// end handles a close: one with 1000 was the client's.
func (r *replay) end(line row) {
	p := r.find(line.Conn)
	if line.Code != websocket.CloseNormalClosure {
		p.want = append(p.want, closedWith(line.Code))
		return
	}
	if p.ended || p.ws == nil {
		return
	}
	p.ended = true
	_ = p.ws.WriteControl(websocket.CloseMessage,
		websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(patience))
	for range p.got { // the server closes in turn
	}
	r.untilGone(p.id)
	r.drain()
}

// untilGone waits until the server has seen a connection end.
func (r *replay) untilGone(id int) {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		there := false
		r.s.loop.call(func() { there = r.s.conns[id] != nil })
		if !there {
			return
		}
	}
	r.t.Fatal("the server does not notice that a client has gone")
}

func (r *replay) stop() {
	for _, p := range r.all {
		if p.ws != nil {
			_ = p.ws.Close()
		}
	}
}

// furnish puts into the channels what the recording's first newcomers to them
// found: settings and old lines.
func (r *replay) furnish() {
	joined := map[string]string{} // channel by connection
	for _, line := range r.rows {
		switch {
		case line.Dir == "open":
			delete(joined, line.Conn)
		case line.Dir == "out":
			if _, req, ok := parseEvent(strings.TrimPrefix(strings.TrimPrefix(line.Text, "message:2"), "42")); ok && req.name == "joinChannel" {
				o, _ := decode(req.arg).(map[string]any)
				name, _ := o["name"].(string)
				joined[line.Conn] = strings.ToLower(name)
			}
		case line.Dir == "in":
			r.furnishFrom(joined, line)
		}
	}
}

func (r *replay) furnishFrom(joined map[string]string, line row) {
	rec := r.s.stored[joined[line.Conn]]
	text, isEvent := strings.CutPrefix(line.Text, "42")
	if rec == nil || !isEvent || slices.Contains(r.seen[rec.name], "userlist") {
		return
	}
	_, e, ok := parseEvent(text)
	if !ok {
		return
	}
	var err error
	switch e.name {
	case "setPermissions":
		err = json.Unmarshal(e.arg, &rec.permissions)
	case "setPlaylistLocked":
		err = json.Unmarshal(e.arg, &rec.unlocked)
		rec.unlocked = !rec.unlocked
	case "emoteList":
		err = json.Unmarshal(e.arg, &rec.emotes)
	case "chatMsg":
		if slices.Contains(r.seen[rec.name], "emoteList") {
			rec.replay = append(rec.replay, &event{name: "chatMsg", arg: e.arg, text: []byte(line.Text)})
		}
	case "channelCSSJS":
		var s styling
		err = json.Unmarshal(e.arg, &s)
		rec.css, rec.js = s.CSS, s.JS
	case "setMotd":
		err = json.Unmarshal(e.arg, &rec.motd)
	case "channelOpts":
		err = json.Unmarshal(e.arg, &rec.options)
	}
	if err != nil {
		r.t.Fatal(err)
	}
	r.seen[rec.name] = append(r.seen[rec.name], e.name)
}
