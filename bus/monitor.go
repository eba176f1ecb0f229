package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rosey/bus/room"
)

// NATSQuery asks what the NATS server is doing: of its connections only the
// Limit first ones in an order, so that thousands of them cost no more.
type NATSQuery struct {
	Sort  ConnSort `json:"sort,omitempty"`  // the most active first
	Limit int      `json:"limit,omitempty"` // 64, at most MaxNATSConns
}

// MaxNATSConns bounds NATSReport.Conns.
const MaxNATSConns = 512

// ConnSort is an order of connections. All but SortCID put the largest first.
type ConnSort string

const (
	SortMsgsFrom  ConnSort = "msgs_from" // messages the client sent
	SortMsgsTo    ConnSort = "msgs_to"   // messages it was sent
	SortBytesFrom ConnSort = "bytes_from"
	SortBytesTo   ConnSort = "bytes_to"
	SortPending   ConnSort = "pending" // bytes that it has not yet taken
	SortRTT       ConnSort = "rtt"
	SortSubs      ConnSort = "subs"
	SortIdle      ConnSort = "idle"
	SortUptime    ConnSort = "uptime"
	SortCID       ConnSort = "cid"
)

// ReportSource is where a report comes from, and so how much it can say.
type ReportSource string

const (
	ReportEmbedded ReportSource = "embedded" // the server itself, in a process of rosey's
	ReportEndpoint ReportSource = "endpoint" // nats.monitor_url
	ReportSystem   ReportSource = "system"   // the system account's services, which our account may use
	ReportAccount  ReportSource = "account"  // what a server tells any account about itself
)

// NATSReport answers a NATSQuery. What could not be learned is left empty, and
// Missing says which right or setting would tell it.
type NATSReport struct {
	Time    int64        `json:"time"` // Unix ms
	Source  ReportSource `json:"source"`
	Servers []NATSServer `json:"servers"`

	Conns     []NATSConn `json:"conns"`
	ConnTotal int        `json:"conn_total"`
	Slow      []SlowConn `json:"slow,omitempty"` // connections that were cut because they took too slowly, newest first

	Streams []NATSStream `json:"streams,omitempty"`
	Missing []string     `json:"missing,omitempty"`
	Error   string       `json:"error,omitempty"`
}

// NATSServer is one server. Counters run since it started, or with
// ReportAccount since the first of our connections to it.
type NATSServer struct {
	Name    string `json:"name"`
	ID      string `json:"id"`
	Version string `json:"version,omitempty"`
	Cluster string `json:"cluster,omitempty"`
	Started int64  `json:"started,omitempty"` // Unix ms

	CPU   float64 `json:"cpu"` // percent of one core, of the whole process
	Cores int     `json:"cores,omitempty"`
	Mem   int64   `json:"mem,omitempty"` // bytes, of the whole process

	Conns    int    `json:"conns"`
	Subs     int    `json:"subs"`
	MsgsIn   uint64 `json:"msgs_in"`
	MsgsOut  uint64 `json:"msgs_out"`
	BytesIn  uint64 `json:"bytes_in"`
	BytesOut uint64 `json:"bytes_out"`
	Slow     uint64 `json:"slow_consumers"`
	Routes   int    `json:"routes,omitempty"`

	JetStream bool   `json:"jetstream"`
	Store     uint64 `json:"store,omitempty"` // bytes on disk
	APIErrors uint64 `json:"api_errors,omitempty"`
}

// NATSConn is one connection. Host is masked: a part of the address tells
// networks apart and nobody's place.
type NATSConn struct {
	Server    string        `json:"server,omitempty"`
	CID       uint64        `json:"cid"`
	Name      string        `json:"name"`
	User      string        `json:"user,omitempty"`
	Host      string        `json:"host,omitempty"`
	Lang      string        `json:"lang,omitempty"`
	RTT       time.Duration `json:"rtt"`
	Pending   int64         `json:"pending"` // bytes
	MsgsFrom  uint64        `json:"msgs_from"`
	MsgsTo    uint64        `json:"msgs_to"`
	BytesFrom uint64        `json:"bytes_from"`
	BytesTo   uint64        `json:"bytes_to"`
	Subs      int           `json:"subs"`
	Idle      time.Duration `json:"idle"`
	Uptime    time.Duration `json:"uptime"`
}

// SlowConn is a connection that the server cut because it did not take what
// was sent to it.
type SlowConn struct {
	Name   string `json:"name"`
	User   string `json:"user,omitempty"`
	CID    uint64 `json:"cid"`
	Time   int64  `json:"time"` // Unix ms
	Reason string `json:"reason"`
}

// NATSStream is one stream and those who read it.
type NATSStream struct {
	Name      string         `json:"name"`
	Messages  uint64         `json:"messages"`
	Bytes     uint64         `json:"bytes"`
	First     int64          `json:"first,omitempty"` // Unix ms of the oldest message
	LastSeq   uint64         `json:"last_seq"`
	MaxBytes  int64          `json:"max_bytes,omitempty"` // 0: no limit
	MaxAge    time.Duration  `json:"max_age,omitempty"`
	Replicas  int            `json:"replicas,omitempty"`
	Leader    string         `json:"leader,omitempty"`
	Consumers []NATSConsumer `json:"consumers,omitempty"`
}

// NATSConsumer is one reader of a stream. Lag is what it was not given yet.
type NATSConsumer struct {
	Name        string `json:"name"`
	Lag         uint64 `json:"lag"`
	Unacked     int    `json:"unacked"`
	Redelivered int    `json:"redelivered"`
}

// AskNATS asks what the NATS server is doing: of the process that embeds it
// or, where it is somebody's own, of the database service, which looks at it
// for everyone. There is always a report, and where nobody could answer its
// Missing says why.
func AskNATS(ctx context.Context, c *Conn, q NATSQuery) NATSReport {
	r, err := Request[NATSReport](ctx, c, SubjectNATSServer, q)
	if errors.Is(err, ErrNobody) {
		r, err = Request[NATSReport](ctx, c, SubjectNATSSeen, q)
	}
	if err == nil && r.Error != "" {
		err = errors.New(r.Error)
	}
	if err != nil {
		return NATSReport{Time: time.Now().UnixMilli(), Missing: []string{whyNoReport(c, err)}}
	}
	return r
}

func whyNoReport(c *Conn, err error) string {
	switch {
	case errors.Is(err, ErrUnreachable):
		return "the server's figures: NATS is not reachable"
	case errors.Is(err, ErrNobody):
		return "the server's figures: no rosey process embeds it, and no database service is there to look at it"
	case errors.Is(err, ErrNotAllowed):
		return fmt.Sprintf("the server's figures: the role %s may not publish to %s; give the server the rights of `rosey nats permissions` again", c.role, SubjectNATSSeen)
	}
	return "the server's figures: " + room.Clean(err.Error())
}
