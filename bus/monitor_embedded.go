package bus

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// answerMonitor lets whoever watches ask the embedded server what it is doing.
// The connection has a role of its own that may do nothing else.
func (s *Server) answerMonitor(ctx context.Context) error {
	c, err := Connect(ctx, ConnectOptions{Server: s, Role: RoleServer, Name: "rosey-nats"})
	if err != nil {
		return err
	}
	s.voice = c
	_, err = Respond(c, SubjectNATSServer, kept(func(_ context.Context, q NATSQuery) NATSReport {
		r, err := s.report(q)
		if err != nil {
			return NATSReport{Error: err.Error()}
		}
		return r
	}))
	return err
}

// report asks the server in process.
func (s *Server) report(q NATSQuery) (NATSReport, error) {
	ns := s.ns.Load()
	v, err := ns.Varz(nil)
	if err != nil {
		return NATSReport{}, fmt.Errorf("ask NATS server: %w", err)
	}
	conns, err := ns.Connz(openConns(q))
	if err != nil {
		return NATSReport{}, fmt.Errorf("ask NATS server for its connections: %w", err)
	}
	closed, err := ns.Connz(closedConns())
	if err != nil {
		return NATSReport{}, fmt.Errorf("ask NATS server for closed connections: %w", err)
	}
	js, err := ns.Jsz(jetStream())
	if err != nil {
		return NATSReport{}, fmt.Errorf("ask NATS server for its streams: %w", err)
	}
	r := NATSReport{Time: time.Now().UnixMilli(), Source: ReportEmbedded, Servers: []NATSServer{serverOf(v)}}
	r.add(v.Name, conns)
	r.add(v.Name, closed)
	r.Streams = streamsOf(js)
	r.tidy(q)
	return r, nil
}

// What is asked of a server, in process or from afar.
func openConns(q NATSQuery) *server.ConnzOptions {
	return &server.ConnzOptions{Sort: server.SortOpt(q.Sort), Limit: q.Limit, Username: true}
}

func closedConns() *server.ConnzOptions {
	return &server.ConnzOptions{Sort: server.ByStop, Limit: 256, Username: true, State: server.ConnClosed}
}

func jetStream() *server.JSzOptions {
	return &server.JSzOptions{Accounts: true, Streams: true, Consumer: true, Config: true, StreamLeaderOnly: true, Limit: maxStreams}
}

// add takes the connections of one server in, open ones and closed ones.
func (r *NATSReport) add(from string, list *server.Connz) {
	open := false
	for _, c := range list.Conns {
		switch {
		case c.Stop == nil:
			open = true
			r.Conns = append(r.Conns, connOf(from, c, list.Now))
		case isSlow(c):
			r.Slow = append(r.Slow, slowOf(c))
		}
	}
	if open {
		r.ConnTotal += list.Total
	}
}

// keepReport is for how long a report answers the same question again: several
// consoles look at once, and each would have the server sort its connections.
const keepReport = 400 * time.Millisecond

// kept remembers the last answer for a moment. Its function is called by one
// goroutine at a time, as Respond's handlers are.
func kept(ask func(context.Context, NATSQuery) NATSReport) func(context.Context, NATSQuery) NATSReport {
	var last NATSReport
	var of NATSQuery
	var at time.Time
	return func(ctx context.Context, q NATSQuery) NATSReport {
		q = q.bounded()
		if q != of || time.Since(at) > keepReport {
			last, of, at = ask(ctx, q), q, time.Now()
		}
		return last
	}
}
