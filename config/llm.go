package config

// LLM is carried for v0.5.0's files, whose LLM never ran (COMPAT.md "Do not
// copy" 22): its keys are known and checked, and nothing reads them.
type LLM struct {
	Enabled            bool        `json:"enabled" default:"false" doc:"Has no effect."`
	Provider           string      `json:"provider" default:"ollama" enum:"ollama,openai,openrouter" doc:"Who runs the model."`
	SystemPromptFile   string      `json:"system_prompt_file" default:"prompt.md" doc:"File with the system prompt."`
	MaxContextMessages int         `json:"max_context_messages" default:"10" min:"0" doc:"Lines of chat given to the model."`
	Temperature        float64     `json:"temperature" default:"0.7" min:"0" max:"2" doc:"Sampling temperature."`
	MaxTokens          int         `json:"max_tokens" default:"500" min:"1" doc:"Longest answer."`
	LogOnly            bool        `json:"log_only" default:"false" doc:"Log answers instead of saying them."`
	OpenAI             LLMProvider `json:"openai" doc:"OpenAI, or a server that speaks its API."`
	Ollama             LLMProvider `json:"ollama" doc:"Ollama."`
	OpenRouter         LLMProvider `json:"openrouter" doc:"OpenRouter."`
	Triggers           LLMTriggers `json:"triggers" doc:"What makes the model speak."`
}

// LLMProvider is one provider's access.
type LLMProvider struct {
	APIKey       Secret  `json:"api_key" doc:"Key of the account."`
	Model        string  `json:"model" doc:"Name of the model."`
	BaseURL      string  `json:"base_url" is:"url" doc:"Address of the API."`
	Organization string  `json:"organization" doc:"OpenAI's organization."`
	SiteURL      string  `json:"site_url" is:"url" doc:"Site that OpenRouter is told."`
	SiteName     string  `json:"site_name" doc:"Name that OpenRouter is told."`
	Timeout      Seconds `json:"timeout" default:"30" min:"0" doc:"Seconds to wait for an answer."`
}

// LLMTriggers says what makes the model speak.
type LLMTriggers struct {
	Enabled       bool         `json:"enabled" default:"false" doc:"Speak at all."`
	DirectMention bool         `json:"direct_mention" default:"true" doc:"When the bot's name is said."`
	Commands      []string     `json:"commands" default:"!ai,!ask" doc:"When a line starts with one of these."`
	AmbientChat   LLMAmbient   `json:"ambient_chat" doc:"Every so many lines."`
	Keywords      []LLMKeyword `json:"keywords" doc:"When a phrase is heard."`
	Greetings     LLMGreetings `json:"greetings" doc:"When somebody comes."`
}

// LLMAmbient speaks every so many messages.
type LLMAmbient struct {
	Enabled        bool    `json:"enabled" default:"false" doc:"Speak unasked."`
	EveryNMessages int     `json:"every_n_messages" default:"20" min:"1" doc:"Lines between."`
	Randomness     float64 `json:"randomness" default:"0.5" min:"0" max:"1" doc:"How much that varies."`
}

// LLMKeyword speaks when a phrase is heard.
type LLMKeyword struct {
	Phrases         []string `json:"phrases" doc:"Any of these."`
	Probability     float64  `json:"probability" min:"0" max:"1" doc:"How likely an answer is."`
	CooldownSeconds float64  `json:"cooldown_seconds" default:"300" min:"0" doc:"Seconds of silence after one."`
}

// LLMGreetings greets people.
type LLMGreetings struct {
	Enabled        bool           `json:"enabled" default:"false" doc:"Greet at all."`
	OnJoin         LLMGreetJoin   `json:"on_join" doc:"On joining."`
	OnStatusChange LLMGreetStatus `json:"on_status_change" doc:"On coming back."`
}

// LLMGreetJoin greets on joining. SpecificUsers are probabilities by name.
type LLMGreetJoin struct {
	Enabled              bool               `json:"enabled" default:"false" doc:"Greet those who join."`
	Probability          float64            `json:"probability" default:"0.2" min:"0" max:"1" doc:"How likely a greeting is."`
	IdleThresholdMinutes float64            `json:"idle_threshold_minutes" default:"60" min:"0" doc:"Minutes away that make a return."`
	ModeratorsOnly       bool               `json:"moderators_only" default:"false" doc:"Greet moderators only."`
	SpecificUsers        map[string]float64 `json:"specific_users" min:"0" max:"1" doc:"Probabilities by name."`
}

// LLMGreetStatus greets on coming back.
type LLMGreetStatus struct {
	Enabled     bool    `json:"enabled" default:"false" doc:"Greet those who come back."`
	Probability float64 `json:"probability" default:"0.1" min:"0" max:"1" doc:"How likely a greeting is."`
}

// Plugins is carried for v0.5.0's files, which never used it either.
type Plugins struct {
	Enabled    bool   `json:"enabled" default:"false" doc:"Has no effect."`
	Directory  string `json:"directory" default:"plugins/" doc:"Has no effect."`
	AutoReload bool   `json:"auto_reload" default:"false" doc:"Has no effect."`
}
