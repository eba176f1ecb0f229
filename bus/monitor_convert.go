package bus

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// The most of each kind that a report names.
const (
	maxServers   = 64
	maxStreams   = 64
	maxConsumers = 32
	maxSlow      = 20
)

func serverOf(v *server.Varz) NATSServer {
	return NATSServer{
		Name: v.Name, ID: v.ID, Version: v.Version, Cluster: v.Cluster.Name, Started: v.Start.UnixMilli(),
		CPU: v.CPU, Cores: v.Cores, Mem: v.Mem, Conns: v.Connections, Subs: int(v.Subscriptions),
		MsgsIn: count(v.InMsgs), MsgsOut: count(v.OutMsgs), BytesIn: count(v.InBytes), BytesOut: count(v.OutBytes),
		Slow: count(v.SlowConsumers), Routes: v.Routes,
		JetStream: v.JetStream.Config != nil, Store: storeOf(v), APIErrors: apiErrors(v),
	}
}

func storeOf(v *server.Varz) uint64 {
	if v.JetStream.Stats == nil {
		return 0
	}
	return v.JetStream.Stats.Store
}

func apiErrors(v *server.Varz) uint64 {
	if v.JetStream.Stats == nil {
		return 0
	}
	return v.JetStream.Stats.API.Errors
}

// count is a counter of the server's, which counts in signed numbers.
func count(n int64) uint64 { return uint64(max(0, n)) }

func connOf(from string, c *server.ConnInfo, now time.Time) NATSConn {
	return NATSConn{
		Server: from, CID: c.Cid, Name: c.Name, User: userOf(c.AuthorizedUser), Host: maskHost(c.IP), Lang: c.Lang,
		RTT: duration(c.RTT), Pending: int64(c.Pending),
		MsgsFrom: count(c.InMsgs), MsgsTo: count(c.OutMsgs), BytesFrom: count(c.InBytes), BytesTo: count(c.OutBytes),
		Subs: int(c.NumSubs), Idle: since(now, c.LastActivity), Uptime: since(now, c.Start),
	}
}

func slowOf(c *server.ConnInfo) SlowConn {
	s := SlowConn{Name: c.Name, User: userOf(c.AuthorizedUser), CID: c.Cid, Reason: c.Reason}
	if c.Stop != nil {
		s.Time = c.Stop.UnixMilli()
	}
	return s
}

// isSlow tells whether a closed connection was cut for being slow.
func isSlow(c *server.ConnInfo) bool { return strings.HasPrefix(c.Reason, "Slow Consumer") }

func since(now, t time.Time) time.Duration {
	if t.IsZero() {
		return 0
	}
	return max(0, now.Sub(t)).Round(time.Millisecond)
}

func duration(text string) time.Duration {
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0 // none was measured yet
	}
	return d
}

// userOf is a user as others may see it: a name, or the start of a public key.
func userOf(user string) string {
	if len(user) > 40 && !strings.ContainsAny(user, " ._-") {
		return user[:6] + "…"
	}
	return user
}

// maskHost leaves of an address what tells networks apart. This machine's own
// tells nothing of anybody and stays.
func maskHost(host string) string {
	a, err := netip.ParseAddr(host)
	switch {
	case err != nil:
		return ""
	case a.Unmap().IsLoopback():
		return a.Unmap().String()
	case a.Unmap().Is4():
		b := a.Unmap().As4()
		return fmt.Sprintf("%d.%d.x.x", b[0], b[1])
	}
	b := a.As16()
	return fmt.Sprintf("%x:%x:x", uint16(b[0])<<8|uint16(b[1]), uint16(b[2])<<8|uint16(b[3]))
}

// streamsOf gives the streams that info has, each with its readers.
func streamsOf(info *server.JSInfo) []NATSStream {
	var out []NATSStream
	for _, a := range info.AccountDetails {
		for _, s := range a.Streams {
			st := NATSStream{
				Name: s.Name, Messages: s.State.Msgs, Bytes: s.State.Bytes, First: unixMS(s.State.FirstTime), LastSeq: s.State.LastSeq,
			}
			if s.Config != nil {
				st.MaxBytes, st.MaxAge, st.Replicas = max(0, s.Config.MaxBytes), s.Config.MaxAge, s.Config.Replicas
			}
			if s.Cluster != nil {
				st.Leader = s.Cluster.Leader
			}
			for _, c := range s.Consumer {
				st.Consumers = append(st.Consumers, NATSConsumer{
					Name: c.Name, Lag: c.NumPending, Unacked: c.NumAckPending, Redelivered: c.NumRedelivered,
				})
			}
			out = append(out, st)
		}
	}
	return out
}

func unixMS(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// tidy brings a report into its order and its bounds.
func (r *NATSReport) tidy(q NATSQuery) {
	slices.SortFunc(r.Servers, func(a, b NATSServer) int { return strings.Compare(a.Name, b.Name) })
	SortConns(r.Conns, q.Sort)
	slices.SortFunc(r.Slow, func(a, b SlowConn) int { return cmp.Compare(b.Time, a.Time) })
	slices.SortStableFunc(r.Streams, func(a, b NATSStream) int {
		return cmp.Or(cmp.Compare(foreign(a.Name), foreign(b.Name)), strings.Compare(a.Name, b.Name))
	})
	for i := range r.Streams {
		r.Streams[i].Consumers = first(r.Streams[i].Consumers, maxConsumers)
	}
	r.Servers, r.Conns = first(r.Servers, maxServers), first(r.Conns, q.Limit)
	r.Slow, r.Streams = first(r.Slow, maxSlow), first(r.Streams, maxStreams)
}

// foreign puts our own streams before those of others.
func foreign(stream string) int {
	if stream == StreamEvents || stream == StreamWrites {
		return 0
	}
	return 1
}

func first[T any](s []T, n int) []T { return s[:min(len(s), n)] }

// SortConns sorts as the server does.
func SortConns(conns []NATSConn, by ConnSort) {
	slices.SortStableFunc(conns, func(a, b NATSConn) int {
		switch by {
		case SortMsgsTo:
			return cmp.Compare(b.MsgsTo, a.MsgsTo)
		case SortBytesFrom:
			return cmp.Compare(b.BytesFrom, a.BytesFrom)
		case SortBytesTo:
			return cmp.Compare(b.BytesTo, a.BytesTo)
		case SortPending:
			return cmp.Compare(b.Pending, a.Pending)
		case SortRTT:
			return cmp.Compare(b.RTT, a.RTT)
		case SortSubs:
			return cmp.Compare(b.Subs, a.Subs)
		case SortIdle:
			return cmp.Compare(b.Idle, a.Idle)
		case SortUptime:
			return cmp.Compare(b.Uptime, a.Uptime)
		case SortCID:
			return cmp.Compare(a.CID, b.CID)
		}
		return cmp.Compare(b.MsgsFrom, a.MsgsFrom)
	})
}

// bounded is the query with what it left open.
func (q NATSQuery) bounded() NATSQuery {
	if q.Sort == "" || !server.SortOpt(q.Sort).IsValid() {
		q.Sort = SortMsgsFrom
	}
	if q.Limit <= 0 {
		q.Limit = 64
	}
	q.Limit = min(q.Limit, MaxNATSConns)
	return q
}
