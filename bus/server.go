package bus

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"os"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/nats-io/nats-server/v2/server"

	"rosey/config"
)

// ServerOptions says how to run the embedded server.
type ServerOptions struct {
	NATS   config.NATS
	Events config.Events // limits of the streams

	// StateDir is where the generated credentials lie; empty is rosey's folder
	// in the XDG state folder. StoreDir is JetStream's; empty is
	// NATS.StoreDir, then a folder in the XDG data folder.
	StateDir string
	StoreDir string

	// InProcess listens on no port: only Connect with the Server gets in. The
	// credentials then exist in memory alone, and without a StoreDir the store
	// is a temporary folder that Shutdown removes.
	InProcess bool

	Logger *slog.Logger // nil logs nothing
}

// Server is a NATS server with JetStream in this process. It listens on a
// loopback address only and lets in the five roles with their generated
// passwords; nats.user, nats.password, nats.token and the like in the config
// are for servers of one's own.
type Server struct {
	ns        atomic.Pointer[server.Server] // the watchdog puts another in its place
	voice     *Conn                         // answers what the server is doing
	log       *serverLog
	lock      *storeLock
	passwords map[Role]string
	url       string
	temp      string // store to remove at the end

	endWatch context.CancelFunc
	watching sync.WaitGroup
}

// maxPayload lets through what NATS's own default of 1 MiB would not: the state
// of a room with 4,000 items queued and a long emote list (PROTOCOL.md §2).
const maxPayload = 8 << 20

// unlimitedStore stands for no limit of the server's own: the streams have
// theirs, and a full disk tells by itself. Without it the server would take a
// share of the free disk space and refuse the streams on a nearly full one.
const unlimitedStore = math.MaxInt64 / 2

// StartServer starts the embedded server with both streams, so that what plain
// publishers say before the first service comes is kept too. For errors.Is:
// ErrSettings, ErrPortInUse, ErrServerRunning, ErrStoreLocked.
func StartServer(ctx context.Context, opts ServerOptions) (*Server, error) {
	s := &Server{log: newServerLog(opts.Logger), passwords: map[Role]string{}, endWatch: func() {}}
	options, err := s.prepare(opts)
	if err == nil {
		err = s.start(ctx, options.Clone())
	}
	if err != nil {
		return nil, errors.Join(err, s.release())
	}
	err = s.makeStreams(ctx, opts.Events)
	if err == nil {
		err = s.answerMonitor(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Shutdown(ctx))
	}
	s.watch(ctx, options)
	return s, nil
}

// URL is the address to connect to, without credentials.
func (s *Server) URL() string { return s.url }

// InProcessConn is the server's end for connections of this process. Connect
// uses it.
func (s *Server) InProcessConn() (net.Conn, error) { return s.ns.Load().InProcessConn() }

func (s *Server) password(r Role) string { return s.passwords[r] }

// Shutdown stops the server. When ctx ends first, the server goes on stopping
// by itself and the store stays locked until the process ends.
func (s *Server) Shutdown(ctx context.Context) error {
	if s.voice != nil {
		s.voice.NC.Close()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.endWatch()
		s.watching.Wait()
		ns := s.ns.Load()
		ns.Shutdown()
		ns.WaitForShutdown()
	}()
	select {
	case <-done:
		return s.release()
	case <-ctx.Done():
		return fmt.Errorf("stop NATS server: %w", ctx.Err())
	}
}

// release gives back what lies outside of the server.
func (s *Server) release() error {
	var errs []error
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	if s.temp != "" {
		errs = append(errs, os.RemoveAll(s.temp))
	}
	return errors.Join(errs...)
}

func (s *Server) prepare(opts ServerOptions) (*server.Options, error) {
	o := &server.Options{
		ServerName:         "rosey",
		NoSigs:             true,
		JetStream:          true,
		JetStreamMaxMemory: 1 << 20, // our streams are files
		JetStreamMaxStore:  unlimitedStore,
		MaxPayload:         maxPayload,

		// A plain publisher, as v0.5.0's programs are, is not told when the
		// stream's queue is full and the server drops what it sent.
		StreamMaxBufferedMsgs: 1 << 20,
		StreamMaxBufferedSize: 512 << 20,
		DontListen:            opts.InProcess,
	}
	if err := s.listenOn(o, opts); err != nil {
		return nil, err
	}
	if err := setSync(o, opts.NATS.Sync); err != nil {
		return nil, err
	}
	if err := s.openStore(o, opts); err != nil {
		return nil, err
	}
	if err := s.makePasswords(opts); err != nil {
		return nil, err
	}
	for _, r := range append(Roles(), RoleServer) {
		o.Users = append(o.Users, &server.User{
			Username: string(r), Password: s.passwords[r], Permissions: r.permissions(),
		})
	}
	return o, nil
}

func (s *Server) listenOn(o *server.Options, opts ServerOptions) error {
	if opts.InProcess {
		s.url = defaultURL // never dialled
		return nil
	}
	n := opts.NATS
	if n.URL == "" {
		n.URL = defaultURL
	}
	u, err := parseURL(n.URL)
	if err != nil {
		return err
	}
	if !isLoopback(u.Hostname()) {
		return &failure{kind: ErrSettings, text: fmt.Sprintf(
			"the embedded NATS server listens on this machine only, and nats.url is %s: use localhost, or set nats.embedded to false and run a server there", config.RedactURL(n.URL))}
	}
	if usesTLS(n) {
		return &failure{kind: ErrSettings, text: "the embedded NATS server listens on this machine only and without TLS: take nats.tls out, or set nats.embedded to false and run a server of your own"}
	}
	o.Host = u.Hostname()
	if !isIP(o.Host) {
		o.Host = "127.0.0.1"
	}
	if o.Port, err = strconv.Atoi(u.Port()); err != nil {
		return &failure{kind: ErrSettings, text: "the port in nats.url is not a number"}
	}
	if o.Port == 0 {
		o.Port = server.RANDOM_PORT
	}
	return nil
}

func isIP(host string) bool { return net.ParseIP(host) != nil }

// setSync says when what was stored is flushed to disk: before each
// acknowledgement, or every so often.
func setSync(o *server.Options, sync string) error {
	if sync == "" || sync == "always" {
		o.SyncAlways = true
		return nil
	}
	d, err := config.ParseDuration(sync)
	if err != nil || d <= 0 {
		return &failure{kind: ErrSettings, text: fmt.Sprintf("nats.sync is %q: write always, or a duration such as 2m", sync)}
	}
	o.SyncInterval = d
	return nil
}

func (s *Server) openStore(o *server.Options, opts ServerOptions) error {
	dir := opts.StoreDir
	if dir == "" {
		dir = opts.NATS.StoreDir
	}
	var err error
	if dir == "" && opts.InProcess {
		if s.temp, err = os.MkdirTemp("", "rosey-nats-"); err != nil {
			return fmt.Errorf("make temporary NATS store: %w", err)
		}
		dir = s.temp
	}
	if dir, err = storeDir(dir); err != nil {
		return err
	}
	if s.lock, err = lockStore(dir); err != nil {
		return err
	}
	o.StoreDir = dir
	return nil
}

func (s *Server) makePasswords(opts ServerOptions) error {
	s.passwords[RoleServer] = rand.Text()
	if opts.InProcess {
		for _, r := range Roles() {
			s.passwords[r] = rand.Text()
		}
		return nil
	}
	state, err := stateDir(opts.StateDir)
	if err != nil {
		return err
	}
	for _, r := range Roles() {
		if s.passwords[r], err = makePassword(state, r); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) start(ctx context.Context, o *server.Options) error {
	ns, err := server.NewServer(o)
	if err != nil {
		return fmt.Errorf("make NATS server: %w", err)
	}
	ns.SetLoggerV2(s.log, s.log.debug, false, false)
	ns.Start() // returns when the store is read and the server listens, or cannot
	if err := s.ready(ctx, ns, o); err != nil {
		ns.Shutdown()
		ns.WaitForShutdown()
		return err
	}
	s.ns.Store(ns)
	return nil
}

// ready tells what kept a started server from serving.
func (s *Server) ready(ctx context.Context, ns *server.Server, o *server.Options) error {
	address := net.JoinHostPort(o.Host, strconv.Itoa(o.Port))
	working := ns.Running() && ns.JetStreamEnabled()
	switch {
	case working && o.DontListen:
		return nil
	case working && ns.Addr() != nil:
		s.url = "nats://" + ns.Addr().String()
		return nil
	}
	if o.DontListen {
		return fmt.Errorf("start NATS server: %s", s.log.fatal())
	}
	if running, err := probe(ctx, address); err != nil {
		return err
	} else if running {
		return &failure{kind: ErrServerRunning, text: "a NATS server runs already at " + address + ": set nats.embedded to auto or false to use it, or stop it"}
	}
	return fmt.Errorf("start NATS server at %s: %s", address, s.log.fatal())
}

// watch looks after the server until Shutdown, on the port it has now.
func (s *Server) watch(ctx context.Context, o *server.Options) {
	if address, ok := s.ns.Load().Addr().(*net.TCPAddr); ok {
		o.Port = address.Port
	}
	ctx, s.endWatch = context.WithCancel(context.WithoutCancel(ctx))
	s.watching.Go(func() { (&watchdog{s: s, options: o}).run(ctx) })
}

func (s *Server) makeStreams(ctx context.Context, limits config.Events) error {
	c, err := Connect(ctx, ConnectOptions{Server: s, Role: RoleAdmin, Name: "rosey-server"})
	if err != nil {
		return err
	}
	defer c.NC.Close()
	return errors.Join(EnsureEvents(ctx, c, limits), EnsureWrites(ctx, c, limits))
}
