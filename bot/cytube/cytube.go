// Package cytube speaks to a CyTube server: it finds the websocket, keeps
// Engine.IO and Socket.IO alive on it, logs in, joins one channel, and hands
// over what happens there as room events.
//
// Dial gives a Session. One goroutine of it reads: it answers the server's
// pings, decodes frames and drives login and join. Decoded events wait in a
// queue bounded by number and bytes until the caller takes them from Events.
// When that queue is full the reader stops reading, so that TCP holds the
// server back and nothing is dropped. A caller that then takes nothing for
// 30 s, or for a third of the silence that the server allows, whichever is
// less, loses the session: pings would soon go unanswered.
//
// A Session ends once and for good; End says why, whether trying again can
// help, and how long to wait. Backoff turns that into the delay before the
// next Dial. Sessions do not reconnect by themselves.
package cytube

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"time"

	"rosey/bus/room"
)

// Options say which channel to join and as whom.
type Options struct {
	// Domain is the site: "cytu.be", "https://cytu.be/", "localhost:8080".
	// Without a scheme it is https, and http for loopback addresses.
	Domain string

	Channel         string
	ChannelPassword string

	// User and Password: both empty joins without a name, a user alone is a
	// guest, both are a registered account.
	User     string
	Password string

	// Proxy is a SOCKS5 proxy, "host[:1080]" or "socks5://user:pw@host:port",
	// through which HTTP and the websocket both go; names are resolved there.
	// Empty goes straight: proxy variables of the environment are not read,
	// because a bot that silently takes another way is banned or exposed by it.
	Proxy string

	// Timeout bounds each step: HTTP, handshake, login, join. Default 10 s.
	Timeout time.Duration

	// TLS replaces the default, which trusts the system's roots.
	TLS *tls.Config

	// Logger gets debug and warning lines; nil for none.
	Logger *slog.Logger

	// pingEvery is how often a websocket ping measures the round trip.
	// Tests make it shorter than its default of 10 s.
	pingEvery time.Duration
}

// String names channel, site and user, and no secret.
func (o Options) String() string {
	return fmt.Sprintf("%s on %s as %q", o.Channel, o.Domain, o.User)
}

// GoString is String: no format prints a secret.
func (o Options) GoString() string { return o.String() }

// LogValue is String: no log prints a secret.
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }

// Received is one decoded event.
type Received struct {
	Event room.Event
	Name  string    // CyTube's own name for it, such as "chatMsg"
	At    time.Time // when the frame had been read
}

// Stats counts what a session has read.
type Stats struct {
	Frames    uint64 // all frames, pings included
	Events    uint64 // decoded and handed over
	Ignored   uint64 // known events that say nothing about the room
	Unknown   uint64 // events of names not known
	Malformed uint64 // frames, and entries of user lists, that could not be decoded, skipped

	// UnknownNames counts the unknown by name. It holds at most 64 names;
	// what comes beyond is counted in Unknown only.
	UnknownNames map[string]uint64
}
