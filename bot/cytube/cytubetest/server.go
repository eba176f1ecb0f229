package cytubetest

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Limits that CyTube has by default (PROTOCOL.md §2).
const (
	defaultPingInterval   = 25 * time.Second
	defaultPingTimeout    = 120 * time.Second
	defaultConnectTimeout = 45 * time.Second
	defaultIPLimit        = 10
)

// Server is a running CyTube. Its methods may be called by any goroutine.
type Server struct {
	opts Options
	log  *slog.Logger
	loop *loop
	wire wireFaults
	seen frameLog

	events   map[string]channelEvent
	commands map[string]slashCommand

	addr      string
	listening sync.Mutex // held by Stop, Restart and Close
	http      *http.Server

	lives   sync.Mutex
	closed  bool
	running sync.WaitGroup // the loop, HTTP servers and requests; grows under lives

	// What follows belongs to the loop.

	accounts     map[string]*account // by lower-case name
	aliases      []alias
	buckets      map[string]*bucket // connection tries by address
	open         map[string]int     // sockets in the namespace by address
	guestLogins  map[string]time.Time
	channels     map[string]*channel // loaded ones, by lower-case name
	stored       map[string]*record  // registered channels
	conns        map[int]*conn
	opened       int
	down         bool // stopped or closed: connections that still come are cut
	puppets      int  // brought in so far
	lastBan      int
	announcement *announcement
	cookies      map[string]*account
	playlists    map[string][]userPlaylist // saved ones by lower-case user name
	offers       map[string]Media          // by type:id
	faults       faults

	// shuffle gives the order in which a shuffle picks n items.
	shuffle func(n int) []int
}

// New starts a server. The caller must Close it.
func New(opts Options) (*Server, error) {
	setDefaults(&opts)
	s := &Server{
		opts:        opts,
		log:         opts.Logger,
		loop:        newLoop(opts.FrozenAt),
		events:      channelEvents(),
		commands:    slashCommands(),
		accounts:    make(map[string]*account),
		buckets:     make(map[string]*bucket),
		open:        make(map[string]int),
		guestLogins: make(map[string]time.Time),
		channels:    make(map[string]*channel),
		stored:      make(map[string]*record),
		conns:       make(map[int]*conn),
		cookies:     make(map[string]*account),
		playlists:   make(map[string][]userPlaylist),
		offers:      make(map[string]Media),
		shuffle:     rand.Perm,
	}
	s.wire.init()
	s.seen.init()
	for _, a := range opts.Accounts {
		if err := s.addAccount(a); err != nil {
			return nil, err
		}
	}
	for _, c := range opts.Channels {
		if err := s.addChannel(c); err != nil {
			return nil, err
		}
	}
	if err := s.listen(opts.Addr); err != nil {
		return nil, err
	}
	s.running.Go(s.loop.run)
	return s, nil
}

func setDefaults(o *Options) {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if o.Channels == nil {
		o.Channels = []ChannelOptions{{Name: "testroom"}}
	}
	if o.IPConnectionLimit == 0 {
		o.IPConnectionLimit = defaultIPLimit
	}
	if o.PingInterval == 0 {
		o.PingInterval = defaultPingInterval
	}
	if o.PingTimeout == 0 {
		o.PingTimeout = defaultPingTimeout
	}
	if o.ConnectTimeout == 0 {
		o.ConnectTimeout = defaultConnectTimeout
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
}

// listen opens the address and serves it.
func (s *Server) listen(addr string) error {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("listen for CyTube clients: %w", err)
	}
	if s.addr == "" { // Restart keeps it
		s.addr = l.Addr().String()
	}
	s.serve(l)
	return nil
}

// URL is the site's address, such as http://127.0.0.1:40123.
func (s *Server) URL() string {
	if s.opts.TLS != nil {
		return "https://" + s.addr
	}
	return "http://" + s.addr
}

// Addr is the address it listens on, without a scheme.
func (s *Server) Addr() string { return s.addr }

// Advance moves a frozen clock by d and runs everything that falls due on the
// way, in order.
func (s *Server) Advance(d time.Duration) {
	s.loop.call(func() { s.loop.fireUntil(s.loop.clock.Add(d)) })
}

// Close cuts every connection, ends every goroutine and waits for them.
func (s *Server) Close() error {
	s.listening.Lock()
	defer s.listening.Unlock()
	if !s.end() {
		return nil
	}
	s.cutAll()
	s.wire.end()
	close(s.loop.quit)
	err := s.http.Close()
	s.running.Wait()
	return err
}

// begin counts a request in, unless the server is closed; the caller then
// calls running.Done.
func (s *Server) begin() bool {
	s.lives.Lock()
	defer s.lives.Unlock()
	if !s.closed {
		s.running.Add(1)
	}
	return !s.closed
}

// end lets nothing more begin; false if that was so already.
func (s *Server) end() bool {
	s.lives.Lock()
	defer s.lives.Unlock()
	first := !s.closed
	s.closed = true
	return first
}

// cutAll ends every connection, and those that are just coming.
func (s *Server) cutAll() {
	s.loop.call(func() {
		s.down = true
		for _, c := range s.conns {
			c.cut()
			c.leave()
		}
	})
}

// Channel gives a channel by its name in any case. One that does not exist
// yet is made, unregistered.
func (s *Server) Channel(name string) *Channel { return &Channel{s: s, name: name} }

// Announce sends an announcement to everybody on the site, and to all who
// connect later.
func (s *Server) Announce(title, text, from string) {
	s.loop.call(func() { s.announce(title, text, from) })
}

type announcement struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"`
	From  string `json:"from"`
}

func (s *Server) announce(title, text, from string) {
	s.announcement = &announcement{ID: randomID(20), Title: title, Text: text, From: from}
	e := encode("announcement", s.announcement)
	for _, c := range s.sockets() {
		c.user.deliver(e)
	}
}

// sockets are the connections that are in the namespace, oldest first.
func (s *Server) sockets() []*conn {
	var in []*conn
	for _, c := range s.conns {
		if c.user != nil {
			in = append(in, c)
		}
	}
	slices.SortFunc(in, func(a, b *conn) int { return a.id - b.id })
	return in
}

// database runs f when a query to the database would have been answered.
func (s *Server) database(f func()) { s.loop.after(s.opts.DatabaseDelay, f) }
