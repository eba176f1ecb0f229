// Package cytubetest is a CyTube server in process: HTTP for the
// socketconfig, Engine.IO and Socket.IO over websockets, accounts, channels,
// chat, playlist, polls and moderation, true to PROTOCOL.md.
//
// Tests connect real clients to it, fill its rooms with puppets (users
// without a socket), look at what clients sent, and make it misbehave. The
// demo runs on it too: see Demo.
//
// One goroutine owns all state; the readers and writers of connections move
// bytes. Every queue is bounded: a client that does not read loses its
// connection when its queue is full.
package cytubetest

import (
	"crypto/tls"
	"log/slog"
	"time"
)

// Options say what server New makes. The zero value is a server with one
// registered channel "testroom", no accounts, and CyTube's own limits.
type Options struct {
	// Addr is where it listens. Default 127.0.0.1:0.
	Addr string

	// Channels are the registered channels. Any other well-formed name that a
	// client joins makes an unregistered channel on the fly. None listed means
	// one, "testroom".
	Channels []ChannelOptions

	// Accounts are the registered users.
	Accounts []Account

	// GuestLoginDelay allows one guest login per address in that time.
	// CyTube's default is 60 s; here zero is no limit.
	GuestLoginDelay time.Duration

	// NoConnectionBucket takes away the limit of five connections at once and
	// then one per ten seconds from one address.
	NoConnectionBucket bool

	// IPConnectionLimit is how many connections one address may hold at the
	// same time. Zero is CyTube's default of 10; negative is no limit.
	IPConnectionLimit int

	// EventLimit bounds the events a connection may send: Burst at once, then
	// PerSecond. The zero value is no limit, as in CyTube.
	EventLimit EventLimit

	// PingInterval and PingTimeout default to 25 s and 120 s.
	PingInterval, PingTimeout time.Duration

	// ConnectTimeout is how long a connection may stay outside the namespace.
	// Default 45 s.
	ConnectTimeout time.Duration

	// PasswordDelay is what checking a password takes, and DatabaseDelay what
	// looking up a rank, a ban or a channel takes. Both default to nothing.
	PasswordDelay, DatabaseDelay time.Duration

	// BannedAddresses may not connect at all.
	BannedAddresses []string

	// LinkBlacklist are domains whose mention in chat kicks the speaker.
	LinkBlacklist []string

	// LateRanks makes the rank in a channel known only after the join burst,
	// as happens when the channel has just been loaded (PROTOCOL.md §3).
	LateRanks bool

	// FrozenAt makes the server's clock stand still at that time; it then
	// moves only by Advance. Zero is the time of the machine.
	FrozenAt time.Time

	// TLS serves https and wss.
	TLS *tls.Config

	// Logger gets debug lines; nil for none.
	Logger *slog.Logger
}

// EventLimit is a token bucket.
type EventLimit struct {
	Burst     int
	PerSecond float64
}

// Account is a registered user.
type Account struct {
	Name     string
	Password string

	// GlobalRank is the rank on the site: 1 for nearly everybody (and for
	// zero), 255 for its administrators.
	GlobalRank float64

	// ChannelRank is the rank in every registered channel whose Ranks do not
	// name the account. Zero is none.
	ChannelRank float64
}

// ChannelOptions describe a registered channel.
type ChannelOptions struct {
	Name     string
	Password string
	MOTD     string // HTML, sent as it is

	// Ranks are ranks in this channel by account name.
	Ranks map[string]float64

	// Settings override single keys of the default channelOpts, and
	// Permissions of the default permission table.
	Settings    map[string]any
	Permissions map[string]float64

	Emotes []Emote

	// Filters replace the five default chat filters unless nil.
	Filters []Filter

	// Unlocked starts with an unlocked playlist.
	Unlocked bool
}

// Emote is an image that clients show for a name.
type Emote struct {
	Name   string `json:"name"`
	Image  string `json:"image"`
	Source string `json:"source"`
}

// Filter is a chat filter: a JavaScript regular expression over the escaped
// text, and its replacement with \1 for groups. Expressions that Go's regexp
// does not know are kept and shown but match nothing.
type Filter struct {
	Name        string `json:"name"`
	Source      string `json:"source"`
	Flags       string `json:"flags"`
	Replace     string `json:"replace"`
	Active      bool   `json:"active"`
	FilterLinks bool   `json:"filterlinks"`
}

// Media is something a playlist can hold. Live media have zero Seconds.
type Media struct {
	ID      string
	Title   string
	Seconds int
	Type    string // "yt", "fi", "cu", …
}
