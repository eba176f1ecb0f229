package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"rosey/config"
)

// LookAtNATS answers, for all who watch, what a NATS server of somebody's own
// is doing, as far as this connection's rights and nats.monitor_url go. It is
// the database service's: no console may ask a server about itself (Table).
func LookAtNATS(c *Conn, n config.NATS) error {
	l := &look{c: c, endpoint: n.MonitorURL, denied: map[string]time.Time{}}
	_, err := Respond(c, SubjectNATSSeen, kept(l.report))
	return err
}

const (
	// lookWindow is how long the servers of a cluster have to answer.
	lookWindow = 300 * time.Millisecond
	// denyFor is for how long what was forbidden is not asked again: each try
	// would be a line in the server's log.
	denyFor = time.Minute
)

// look is one process's view of a server that is not its own.
type look struct {
	c        *Conn
	endpoint string // nats.monitor_url

	mu     sync.Mutex
	denied map[string]time.Time // until when a subject is not asked
}

// report asks the endpoint where there is one, and the server's services for
// what is still open.
func (l *look) report(ctx context.Context, q NATSQuery) NATSReport {
	r := NATSReport{Time: time.Now().UnixMilli()}
	if l.endpoint != "" {
		if err := l.askEndpoint(ctx, q, &r); err != nil {
			r.Missing = append(r.Missing, err.Error())
		}
	}
	if r.Source == "" {
		l.askSystem(ctx, q, &r)
	}
	if len(r.Streams) == 0 {
		l.askStreams(ctx, &r)
	}
	r.tidy(q)
	return r
}

// answer is what a server's service answers, each kind with its own data.
type answer[T any] struct {
	Server server.ServerInfo `json:"server"`
	Data   *T                `json:"data"`
	Error  *server.ApiError  `json:"error"`
}

// askServers asks every server on one of its services.
func askServers[T any](ctx context.Context, l *look, subject string, opts any, take func(server.ServerInfo, *T)) error {
	l.mu.Lock()
	wait := time.Until(l.denied[subject]) > 0
	l.mu.Unlock()
	if wait {
		return ErrNotAllowed
	}
	data, err := json.Marshal(opts)
	if err != nil {
		return fmt.Errorf("encode question on %s: %w", subject, err)
	}
	answers, alone := 0, l.c.NC.ConnectedClusterName() == ""
	err = l.c.collect(ctx, subject, data, lookWindow, func(m *nats.Msg) bool {
		var a answer[T]
		if json.Unmarshal(m.Data, &a) != nil {
			l.c.countBad(subject)
			return false
		}
		if a.Error == nil && a.Data != nil {
			answers++
			take(a.Server, a.Data)
		}
		return alone
	})
	if errors.Is(err, ErrNotAllowed) {
		l.mu.Lock()
		l.denied[subject] = time.Now().Add(denyFor)
		l.mu.Unlock()
	}
	if err == nil && answers == 0 {
		err = ErrNobody
	}
	return err
}

// askSystem asks the server's services, all at once. Each part has its own
// place in r; r is read when all are done.
func (l *look) askSystem(ctx context.Context, q NATSQuery, r *NATSReport) {
	var open, closed NATSReport
	var streams []NATSStream
	var varz, js, conns, stats error
	var servers, own []NATSServer
	var all sync.WaitGroup
	all.Go(func() {
		varz = askServers(ctx, l, sysVarz, struct{}{}, func(_ server.ServerInfo, v *server.Varz) { servers = append(servers, serverOf(v)) })
	})
	all.Go(func() {
		js = askServers(ctx, l, sysJsz, jetStream(), func(_ server.ServerInfo, j *server.JSInfo) { streams = append(streams, streamsOf(j)...) })
	})
	all.Go(func() {
		conns = askServers(ctx, l, sysConnz, openConns(q), func(s server.ServerInfo, c *server.Connz) { open.add(s.Name, c) })
	})
	all.Go(func() {
		_ = askServers(ctx, l, sysConnz, closedConns(), func(s server.ServerInfo, c *server.Connz) { closed.add(s.Name, c) }) // conns tells
	})
	all.Go(func() {
		stats = askServers(ctx, l, sysOwnStats, struct{}{}, func(s server.ServerInfo, a *server.AccountStatz) { own = append(own, ownServer(s, a)) })
	})
	all.Wait()

	r.Source, r.Servers, r.Streams = ReportSystem, servers, streams
	r.Conns, r.ConnTotal, r.Slow = open.Conns, open.ConnTotal, closed.Slow
	if varz != nil {
		r.Source, r.Servers = ReportAccount, own
		r.miss("CPU, memory, uptime and other accounts' figures", sysVarz, varz)
	}
	if varz != nil && stats != nil {
		r.Servers = []NATSServer{l.connectedServer()}
		r.miss("message and byte counts", sysOwnStats, stats)
	}
	if conns != nil {
		r.miss("connections", sysConnz, conns)
	}
	if slow := slowCount(r.Servers); slow > 0 && len(r.Slow) == 0 && conns == nil {
		r.Missing = append(r.Missing, "names of slow consumers: needs an account of rosey's own (a server forgets which of its global account it cut), or nats.monitor_url")
	}
	if js != nil && varz == nil {
		r.miss("streams of others", sysJsz, js)
	}
}

// miss notes what is not known and what would tell it.
func (r *NATSReport) miss(what, subject string, err error) {
	need := "the system account's export of " + subject + ", or nats.monitor_url"
	if subject == sysConnz || subject == sysOwnStats {
		need = "an answer on " + subject + ", which servers from 2.9 give"
	}
	if errors.Is(err, ErrNotAllowed) {
		need = "the right to publish to " + subject
		if subject == sysVarz || subject == sysJsz {
			need += " and the system account's export of it, or nats.monitor_url"
		}
	}
	r.Missing = append(r.Missing, what+": needs "+need)
}

func slowCount(servers []NATSServer) (n uint64) {
	for _, s := range servers {
		n += s.Slow
	}
	return n
}

// ownServer is what a server tells any account: its own part of the figures.
func ownServer(s server.ServerInfo, a *server.AccountStatz) NATSServer {
	out := NATSServer{Name: s.Name, ID: s.ID, Version: s.Version, Cluster: s.Cluster, JetStream: s.JetStreamEnabled()}
	for _, st := range a.Accounts {
		out.Conns += st.Conns
		out.Subs += int(st.NumSubs)
		out.MsgsIn += count(st.Received.Msgs)
		out.BytesIn += count(st.Received.Bytes)
		out.MsgsOut += count(st.Sent.Msgs)
		out.BytesOut += count(st.Sent.Bytes)
		out.Slow += count(st.SlowConsumers)
	}
	return out
}

// connectedServer is what a client knows of its server without asking.
func (l *look) connectedServer() NATSServer {
	nc := l.c.NC
	return NATSServer{Name: nc.ConnectedServerName(), ID: nc.ConnectedServerId(), Version: nc.ConnectedServerVersion(), Cluster: nc.ConnectedClusterName()}
}

// askStreams asks JetStream for our own streams, which our rights allow on any
// server.
func (l *look) askStreams(ctx context.Context, r *NATSReport) {
	for _, name := range []string{StreamEvents, StreamWrites} {
		s, err := l.c.JS.Stream(ctx, name)
		switch {
		case errors.Is(err, jetstream.ErrStreamNotFound):
			continue
		case errors.Is(l.c.streamFailure(name, err), ErrNoJetStream):
			r.Missing = append(r.Missing, "streams: this server has no JetStream")
			return
		case err != nil:
			r.Missing = append(r.Missing, "stream "+name+": needs an answer on $JS.API.STREAM.INFO."+name)
			continue
		}
		st := streamOf(s.CachedInfo())
		if name == StreamWrites {
			st.Consumers = l.ourConsumer(ctx, s)
		}
		r.Streams = append(r.Streams, st)
	}
}

func (l *look) ourConsumer(ctx context.Context, s jetstream.Stream) []NATSConsumer {
	c, err := s.Consumer(ctx, ConsumerDB)
	if err != nil {
		return nil // none yet
	}
	info := c.CachedInfo()
	return []NATSConsumer{{Name: info.Name, Lag: info.NumPending, Unacked: info.NumAckPending, Redelivered: info.NumRedelivered}}
}

func streamOf(i *jetstream.StreamInfo) NATSStream {
	st := NATSStream{
		Name: i.Config.Name, Messages: i.State.Msgs, Bytes: i.State.Bytes, First: unixMS(i.State.FirstTime), LastSeq: i.State.LastSeq,
		MaxBytes: max(0, i.Config.MaxBytes), MaxAge: i.Config.MaxAge, Replicas: i.Config.Replicas,
	}
	if i.Cluster != nil {
		st.Leader = i.Cluster.Leader
	}
	return st
}

// endpointName is the endpoint as messages may repeat it.
func (l *look) endpointName() string { return strings.TrimRight(config.RedactURL(l.endpoint), "/") }
