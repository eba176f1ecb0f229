// Package config is the v2 configuration: its schema, defaults, loading from
// JSON and YAML, validation, and the masking of its secrets.
//
// The struct types are the schema. A field's tags say everything that the
// package knows about a key, and reading, defaults, unknown-key hints, the JSON
// Schema and the annotated example are all made from them (see field.go).
package config

import (
	"cmp"
	"log/slog"
	"os"
	"os/user"
	"time"
)

// Config is a whole v2 configuration after defaults, ${ENV} and password
// sources have been applied. The keys of v0.5.0 keep their names and meaning
// (COMPAT.md §1); every key that it did not have has a default that makes a
// v0.5.0 file work as it is.
type Config struct {
	Version   string     `json:"version" default:"2.0" doc:"Version of this file's layout."`
	NATS      NATS       `json:"nats" required:"true" do:"add nats with url: nats://localhost:4222" doc:"The NATS bus that bot, database and console talk over."`
	Database  Database   `json:"database" doc:"Where chat, users and counts are stored, and for how long."`
	Platforms []Platform `json:"platforms" required:"true" do:"add a platform with domain and channel" doc:"The rooms that the bot is in, one entry each."`
	Shell     Shell      `json:"shell" doc:"Commands that moderators (rank 2 and up) send the bot as private messages."`
	Logging   Logging    `json:"logging" doc:"What is written to log files."`
	TUI       TUI        `json:"tui" doc:"The console."`
	Events    Events     `json:"events" doc:"Limits of the JetStream streams. A console that attaches sees back as far as the events reach."`
	LLM       LLM        `json:"llm" example:"-" doc:"Carried from v0.5.0's files, where it did nothing; rosey does not talk to language models."`
	Plugins   Plugins    `json:"plugins" example:"-" doc:"Carried from v0.5.0's files, where it did nothing."`

	// Proxy, Retry and RetryDelay stood at the top level in v1 and were still
	// read there in v2; a platform's own proxy goes before this one.
	Proxy      string  `json:"proxy" is:"proxy" doc:"SOCKS5 proxy for every platform that names none of its own: host or host:port (1080)."`
	Retry      int     `json:"retry" min:"0" example:"-" doc:"Carried from v0.5.0's files; rosey reconnects for as long as it makes sense."`
	RetryDelay Seconds `json:"retry_delay" default:"1" min:"0" example:"-" doc:"Carried from v0.5.0's files; see retry."`

	// Path is the file this came from, empty for defaults.
	Path string `json:"-"`

	places *decoder // remembers where in the file each key stands
}

// Problem is something wrong with the value of a key that only its user can
// judge, such as the name of a theme, with its place in the file.
func (c *Config) Problem(key, what, do string) Problem {
	if c.places == nil {
		return Problem{File: cmp.Or(c.Path, "the defaults"), Key: key, What: what, Do: do}
	}
	return c.places.src.problem(c.places.place(key), key, what, do)
}

// Seconds is a duration written as a JSON number of seconds.
type Seconds float64

// Duration is the time.Duration of s.
func (s Seconds) Duration() time.Duration { return time.Duration(float64(s) * float64(time.Second)) }

// NATS says where the bus is and how to be let in.
type NATS struct {
	URL                  string  `json:"url" default:"nats://localhost:4222" is:"url" doc:"Server, or several with commas between."`
	ConnectionTimeout    Seconds `json:"connection_timeout" old:"timeout" default:"5" min:"0.1" max:"600" doc:"Seconds to wait for the first connection."`
	MaxReconnectAttempts int     `json:"max_reconnect_attempts" default:"-1" min:"-1" doc:"How often to try again when the connection is lost; -1: for ever."`
	ReconnectDelay       Seconds `json:"reconnect_delay" default:"2" min:"0" max:"3600" doc:"Seconds between tries."`

	Embedded   EmbeddedMode `json:"embedded" default:"auto" enum:"auto,true,false" doc:"Run a NATS server in this process: auto (when url is a loopback address and nothing answers there), true, false."`
	Sync       string       `json:"sync" default:"always" is:"sync" doc:"When the embedded server flushes to disk: always (before it acknowledges a write: a power cut loses nothing acknowledged), or an interval such as 2m (faster, and a power cut loses up to that much)."`
	StoreDir   string       `json:"store_dir" is:"folder" doc:"Folder of the embedded server's streams. Default: in the XDG data folder."`
	MonitorURL string       `json:"monitor_url" is:"monitor" doc:"Monitoring endpoint of a NATS server of your own, such as http://localhost:8222: the database service asks it, and the console's bus view shows the answers. Not needed with the embedded server."`

	TLS             TLS    `json:"tls" doc:"PEM files for an encrypted connection."`
	Token           Secret `json:"token" doc:"Token that lets in. Give one of: token, user, creds, nkey."`
	User            string `json:"user" doc:"User that lets in."`
	Password        Secret `json:"password" doc:"Password of user. Better from ${ENV}, password_file or password_command."`
	PasswordFile    string `json:"password_file" is:"path" doc:"File that holds the password."`
	PasswordCommand Secret `json:"password_command" is:"command" doc:"Command that prints the password; run by sh."`
	Creds           string `json:"creds" is:"path" doc:"A .creds file (JWT and seed)."`
	NKey            string `json:"nkey" is:"path" doc:"A file that holds an nkey seed."`
}

// EmbeddedMode says whether to run a NATS server in process.
type EmbeddedMode string

const (
	EmbeddedAuto EmbeddedMode = "auto"  // when the URL is a loopback address and nothing answers there
	EmbeddedYes  EmbeddedMode = "true"  // always; an answer there is an error
	EmbeddedNo   EmbeddedMode = "false" // never
)

// TLS names PEM files.
type TLS struct {
	Cert string `json:"cert" is:"path" doc:"Our certificate, when the server asks for one; needs key."`
	Key  string `json:"key" is:"path" doc:"The certificate's key; needs cert."`
	CA   string `json:"ca" is:"path" doc:"Authority that signed the server's certificate. Default: the system's."`
}

// Database says where the data lies and how long it is kept.
type Database struct {
	Path         string    `json:"path" default:"bot_data.db" doc:"SQLite file; v0.5.0's opens as it is. Relative to the folder rosey runs in."`
	RunAsService bool      `json:"run_as_service" default:"true" doc:"Run the database service; false when another machine does."`
	Retention    Retention `json:"retention" doc:"How long each kind of row is kept; 0: for ever."`
	BatchRows    int       `json:"batch_rows" default:"500" min:"1" max:"100000" doc:"Rows written in one transaction at most."`
	BatchDelay   Seconds   `json:"batch_delay" default:"0.05" min:"0" max:"60" doc:"Seconds that a row waits for others at most."`
}

// Retention is how long each kind of row is kept. Zero keeps for ever.
type Retention struct {
	RecentChatHours  float64 `json:"recent_chat_hours" default:"150" min:"0" doc:"Lines of recent_chat."`
	HistoryDays      float64 `json:"history_days" default:"30" min:"0" doc:"User counts."`
	OutboundDays     float64 `json:"outbound_days" default:"7" min:"0" doc:"Outbound messages that were sent."`
	RevokedTokenDays float64 `json:"revoked_token_days" default:"90" min:"0" doc:"API tokens that were revoked."`
	ChatDays         float64 `json:"chat_days" default:"0" min:"0" doc:"Chat that can be searched."`
}

// Platform is one room that the bot is in.
type Platform struct {
	Type            string  `json:"type" default:"cytube" doc:"Kind of site; cytube is the only one."`
	Name            string  `json:"name" example:"primary" doc:"The room's name on the bus; each entry needs its own. Default for the first: primary."`
	Enabled         bool    `json:"enabled" default:"true" doc:"false leaves this room alone."`
	Domain          string  `json:"domain" old:"server" required:"true" do:"name the site, such as https://cytu.be" is:"site" example:"https://cytu.be" doc:"The site."`
	Channel         string  `json:"channel" required:"true" do:"name the channel" is:"channel" pair:"channel_password" example:"YourChannel" doc:"The channel. v0.5.0's [name, password] works too."`
	ChannelPassword Secret  `json:"channel_password" doc:"Password of the channel, when it has one."`
	User            string  `json:"user" pair:"password" is:"user" example:"YourBot" doc:"The bot's account. Without a password: a guest of that name; empty: anonymous. v0.5.0's [name, password] works too."`
	Password        Secret  `json:"password" doc:"Password of user. Better from ${ENV}, password_file or password_command."`
	PasswordFile    string  `json:"password_file" is:"path" doc:"File that holds the password; relative to this file."`
	PasswordCommand Secret  `json:"password_command" is:"command" doc:"Command that prints the password; run by sh in this file's folder."`
	Proxy           string  `json:"proxy" is:"proxy" doc:"SOCKS5 proxy: host or host:port (1080)."`
	ResponseTimeout Seconds `json:"response_timeout" default:"3" min:"0" max:"600" doc:"Seconds to wait for the site's answer to a login or a command."`
	RestartDelay    Seconds `json:"restart_delay" default:"5" min:"0" max:"86400" doc:"Seconds before the first try to reconnect; later ones wait longer."`
}

// Shell is the PM command shell. Host and Port are kept for v0.5.0's files and
// mean nothing any more.
type Shell struct {
	Enabled bool   `json:"enabled" default:"true" doc:"Answer moderators' private messages."`
	Host    string `json:"host" default:"localhost" example:"-" doc:"Carried from v0.5.0's files; means nothing any more."`
	Port    int    `json:"port" default:"5555" min:"0" max:"65535" example:"-" doc:"Carried from v0.5.0's files; means nothing any more."`
}

// Logging says what is written where. Empty file names write nothing.
type Logging struct {
	Level        string `json:"level" default:"info" enum:"debug,info,warning,warn,error,critical,fatal,notset" case:"any" doc:"Least grave line that is logged: debug, info, warning, error, critical."`
	ChatLogFile  string `json:"chat_log_file" doc:"File that every chat line is added to. Empty: none."`
	MediaLogFile string `json:"media_log_file" doc:"File that every played video is added to. Empty: none."`
	LLMLogFile   string `json:"llm_log_file" example:"-" doc:"Carried from v0.5.0's files; see llm."`
}

// SlogLevel is the level for slog; critical is one step above error.
func (l Logging) SlogLevel() slog.Level {
	switch l.Level {
	case "debug", "notset":
		return slog.LevelDebug
	case "warning", "warn":
		return slog.LevelWarn
	case "error":
		return slog.LevelError
	case "critical", "fatal":
		return slog.LevelError + 4
	}
	return slog.LevelInfo
}

// TUI is the console's own section.
type TUI struct {
	Theme        string `json:"theme" default:"default" doc:"Theme: default, hal9000, r2d2, c3po, t800, walle, robby, marvin, johnny5, robocop, data, mono, contrast, or one of your own."`
	ShowJoinQuit bool   `json:"show_join_quit" default:"true" doc:"Show who comes and goes."`
	ClockFormat  string `json:"clock_format" default:"24h" enum:"12h,24h" doc:"12h or 24h, wherever the console tells a time."`
	HideAFKUsers bool   `json:"hide_afk_users" default:"false" doc:"Leave people who are away out of the user list."`
	Scrollback   int    `json:"scrollback" default:"5000" min:"100" max:"1000000" doc:"Lines kept in memory for each room."`
	Mouse        bool   `json:"mouse" default:"true" doc:"Take clicks and the wheel; false leaves them to the terminal."`
	Operator     string `json:"operator" doc:"Name under which your actions are written down. Default: the system user."`
	MaxFPS       int    `json:"max_fps" default:"0" min:"0" max:"60" doc:"Times a second that the screen is drawn at most; 0: 30, and fewer over a slow serial line."`

	Highlights []Highlight       `json:"highlights" doc:"Words to look out for."`
	Ignore     []string          `json:"ignore" example:"somebody" doc:"People whose lines are never shown."`
	Filters    []Filter          `json:"filters" doc:"Filters that hide lines; each can be switched and inverted while the console runs."`
	Presets    []Preset          `json:"presets" doc:"Actions of your own, each on a key."`
	Keys       map[string]string `json:"keys" is:"keys" example:"help: f1 alt+h" doc:"Keys instead of the usual ones, by their names in docs/keys.md; several keys with spaces between."`
}

// OperatorName is $ROSEY_OPERATOR, which tells moderators on one account apart,
// or else Operator, or the system user's name; empty when there is none.
func (t TUI) OperatorName() string {
	if name := cmp.Or(os.Getenv("ROSEY_OPERATOR"), t.Operator); name != "" {
		return name
	}
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return os.Getenv("USER")
}

// Events limits the streams.
type Events struct {
	MaxAgeHours float64 `json:"max_age_hours" default:"72" min:"0" doc:"Hours that room events are kept; 0: as long as max_bytes allows."`
	MaxBytes    int64   `json:"max_bytes" default:"268435456" min:"1048576" doc:"Bytes of room events that are kept."`
	WriteBytes  int64   `json:"write_bytes" default:"1073741824" min:"1048576" doc:"Bytes of database writes that wait while the database is away."`
}
