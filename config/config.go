// Package config is the v2 configuration: its schema, defaults, loading from
// JSON and YAML, validation, and the masking of its secrets.
package config

import "time"

// Config is a whole v2 configuration after defaults, ${ENV} and password
// sources have been applied. The keys of v0.5.0 keep their names and meaning
// (COMPAT.md §1); every key that it did not have has a default that makes a
// v0.5.0 file work as it is.
type Config struct {
	Version   string     `json:"version"`
	NATS      NATS       `json:"nats"`
	Database  Database   `json:"database"`
	Platforms []Platform `json:"platforms"`
	Shell     Shell      `json:"shell"`
	Logging   Logging    `json:"logging"`
	LLM       LLM        `json:"llm"`
	Plugins   Plugins    `json:"plugins"`
	TUI       TUI        `json:"tui"`
	Events    Events     `json:"events"`

	// Proxy, Retry and RetryDelay stood at the top level in v1 and were still
	// read there in v2; a platform's own proxy goes before this one.
	Proxy      string  `json:"proxy"`
	Retry      int     `json:"retry"`
	RetryDelay Seconds `json:"retry_delay"`

	// Path is the file this came from, empty for defaults.
	Path string `json:"-"`
}

// Secret is text that never prints: String, GoString, JSON, YAML and slog all
// give "••••". Reveal gives the text.
type Secret string

// Seconds is a duration written as a JSON number of seconds.
type Seconds float64

// Duration is the time.Duration of s.
func (s Seconds) Duration() time.Duration { return time.Duration(float64(s) * float64(time.Second)) }

// NATS says where the bus is and how to be let in.
type NATS struct {
	URL                  string  `json:"url"`
	ConnectionTimeout    Seconds `json:"connection_timeout"`
	MaxReconnectAttempts int     `json:"max_reconnect_attempts"` // -1: for ever
	ReconnectDelay       Seconds `json:"reconnect_delay"`

	Embedded EmbeddedMode `json:"embedded"`  // auto, true, false
	Sync     string       `json:"sync"`      // "always", or a duration such as "2m": how often the embedded server flushes to disk
	StoreDir string       `json:"store_dir"` // of the embedded server; default in the XDG data folder

	TLS          TLS    `json:"tls"`
	Token        Secret `json:"token"`
	User         string `json:"user"`
	Password     Secret `json:"password"`
	PasswordFile string `json:"password_file"`
	Creds        string `json:"creds"` // path of a .creds file
	NKey         string `json:"nkey"`  // path of an nkey seed file
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
	Cert string `json:"cert"`
	Key  string `json:"key"`
	CA   string `json:"ca"`
}

// Database says where the data lies and how long it is kept.
type Database struct {
	Path         string    `json:"path"`
	RunAsService bool      `json:"run_as_service"`
	Retention    Retention `json:"retention"`
	BatchRows    int       `json:"batch_rows"`
	BatchDelay   Seconds   `json:"batch_delay"`
}

// Retention is how long each kind of row is kept. Zero keeps for ever.
type Retention struct {
	RecentChatHours  float64 `json:"recent_chat_hours"`  // 150
	HistoryDays      float64 `json:"history_days"`       // 30
	OutboundDays     float64 `json:"outbound_days"`      // 7
	RevokedTokenDays float64 `json:"revoked_token_days"` // 90
	ChatDays         float64 `json:"chat_days"`          // searchable chat of ours: 0, for ever
}

// Platform is one room that the bot is in.
type Platform struct {
	Type            string  `json:"type"` // "cytube"
	Name            string  `json:"name"` // the room's name on the bus
	Enabled         bool    `json:"enabled"`
	Domain          string  `json:"domain"` // site, such as https://cytu.be
	Channel         string  `json:"channel"`
	ChannelPassword Secret  `json:"channel_password"`
	User            string  `json:"user"`     // empty: anonymous
	Password        Secret  `json:"password"` // empty: a guest of that name
	PasswordFile    string  `json:"password_file"`
	PasswordCommand string  `json:"password_command"`
	Proxy           string  `json:"proxy"` // host[:1080] of a SOCKS5 proxy
	ResponseTimeout Seconds `json:"response_timeout"`
	RestartDelay    Seconds `json:"restart_delay"`
}

// Shell is the PM command shell. Host and Port are kept for v0.5.0's files and
// mean nothing any more.
type Shell struct {
	Enabled bool   `json:"enabled"`
	Host    string `json:"host"`
	Port    int    `json:"port"`
}

// Logging says what is written where. Empty file names write nothing.
type Logging struct {
	Level        string `json:"level"`
	ChatLogFile  string `json:"chat_log_file"`
	MediaLogFile string `json:"media_log_file"`
	LLMLogFile   string `json:"llm_log_file"`
}

// LLM is carried for v0.5.0's files; see each field's schema text.
type LLM struct {
	Enabled            bool        `json:"enabled"`
	Provider           string      `json:"provider"`
	SystemPromptFile   string      `json:"system_prompt_file"`
	MaxContextMessages int         `json:"max_context_messages"`
	Temperature        float64     `json:"temperature"`
	MaxTokens          int         `json:"max_tokens"`
	LogOnly            bool        `json:"log_only"`
	OpenAI             LLMProvider `json:"openai"`
	Ollama             LLMProvider `json:"ollama"`
	OpenRouter         LLMProvider `json:"openrouter"`
	Triggers           LLMTriggers `json:"triggers"`
}

// LLMProvider is one provider's access.
type LLMProvider struct {
	APIKey       Secret  `json:"api_key"`
	Model        string  `json:"model"`
	BaseURL      string  `json:"base_url"`
	Organization string  `json:"organization"`
	SiteURL      string  `json:"site_url"`
	SiteName     string  `json:"site_name"`
	Timeout      Seconds `json:"timeout"`
}

// LLMTriggers says what makes the model speak.
type LLMTriggers struct {
	Enabled       bool         `json:"enabled"`
	DirectMention bool         `json:"direct_mention"`
	Commands      []string     `json:"commands"`
	AmbientChat   LLMAmbient   `json:"ambient_chat"`
	Keywords      []LLMKeyword `json:"keywords"`
	Greetings     LLMGreetings `json:"greetings"`
}

// LLMAmbient speaks every so many messages.
type LLMAmbient struct {
	Enabled        bool    `json:"enabled"`
	EveryNMessages int     `json:"every_n_messages"`
	Randomness     float64 `json:"randomness"`
}

// LLMKeyword speaks when a phrase is heard.
type LLMKeyword struct {
	Phrases         []string `json:"phrases"`
	Probability     float64  `json:"probability"`
	CooldownSeconds float64  `json:"cooldown_seconds"`
}

// LLMGreetings greets people.
type LLMGreetings struct {
	Enabled        bool           `json:"enabled"`
	OnJoin         LLMGreetJoin   `json:"on_join"`
	OnStatusChange LLMGreetStatus `json:"on_status_change"`
}

// LLMGreetJoin greets on joining.
type LLMGreetJoin struct {
	Enabled              bool           `json:"enabled"`
	Probability          float64        `json:"probability"`
	IdleThresholdMinutes float64        `json:"idle_threshold_minutes"`
	ModeratorsOnly       bool           `json:"moderators_only"`
	SpecificUsers        map[string]any `json:"specific_users"`
}

// LLMGreetStatus greets on coming back.
type LLMGreetStatus struct {
	Enabled     bool    `json:"enabled"`
	Probability float64 `json:"probability"`
}

// Plugins is carried for v0.5.0's files, which never used it either.
type Plugins struct {
	Enabled    bool   `json:"enabled"`
	Directory  string `json:"directory"`
	AutoReload bool   `json:"auto_reload"`
}

// TUI is the console's own section.
type TUI struct {
	Theme        string `json:"theme"`
	ShowJoinQuit bool   `json:"show_join_quit"`
	ClockFormat  string `json:"clock_format"` // "12h" or "24h"
	HideAFKUsers bool   `json:"hide_afk_users"`
	Scrollback   int    `json:"scrollback"` // lines kept in memory per room
	Mouse        bool   `json:"mouse"`
	Operator     string `json:"operator"` // name under which actions are written down; default the system user
}

// Events limits the stream that keeps room events.
type Events struct {
	MaxAgeHours float64 `json:"max_age_hours"`
	MaxBytes    int64   `json:"max_bytes"`
	WriteBytes  int64   `json:"write_bytes"` // limit of the stream of database writes
}
