package tui

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/config"
	"rosey/migrate"
)

// A wizardChoicesPart is the third step: what the person wants otherwise than
// the plan has it. What is chosen is tried at once.
type wizardChoicesPart struct {
	page *wizardPage
	base *migrate.Plan // without anybody's choices
	made bool

	nats, own, database, shell *wizardChoice
	url, user, password, token *wizardChoice
	passwordFile, creds, nkey  *wizardChoice
	ca, cert, priv             *wizardChoice
	unknown                    []*wizardChoice
	shellWas                   int  // its word in base
	at                         int  // among entries
	follow                     bool // scroll to where the person is

	natsProbe, dataProbe query[probed]
	triedNATS, triedData string // what was tried last
	typed                string // what was chosen when a second began
	deciding             query[*migrate.Plan]
	wrongAt              *wizardChoice // what deciding refused; nil: none of the lines
}

// A wizardChoice is one line of the form: a field, or one of some words.
type wizardChoice struct {
	label  string
	group  string // over the first of a group
	field  *field // nil: words
	secret bool   // of field
	url    bool   // of field: it may have a password in it
	lost   bool   // of field: it was chosen in another run and not kept
	words  []string
	word   int
}

// make fills the form with what the plan has.
func (c *wizardChoicesPart) make() {
	c.made, c.base, c.at = true, c.page.plan, 0
	c.triedNATS, c.triedData = "never", "\x00"
	cfg := config.Default()
	if parsed, _, err := config.Parse("result."+string(c.base.To), []byte(c.base.After.Reveal())); err == nil {
		cfg = parsed
	}
	typed := func(label, text string) *wizardChoice {
		return &wizardChoice{label: label, field: newField("", text, nil)}
	}
	c.nats = &wizardChoice{label: "runs", group: "NATS", words: []string{"inside rosey", "as a server of yours"}}
	c.own = typed("address", strings.TrimPrefix(config.Default().NATS.URL, natsScheme))
	c.url = typed("url", config.Default().NATS.URL)
	c.own.url, c.url.url = true, true
	c.user, c.password, c.token = typed("user", ""), typed("password", ""), typed("token", "")
	c.password.secret, c.token.secret = true, true
	c.passwordFile, c.creds, c.nkey = typed("password file", ""), typed("creds file", ""), typed("nkey file", "")
	c.ca = typed("TLS authority", "")
	c.cert, c.priv = typed("TLS cert", ""), typed("TLS key", "")
	c.database = typed("file", c.base.Database)
	c.database.group = "DATABASE"
	c.shell = &wizardChoice{label: "commands", group: "PRIVATE MESSAGES", words: []string{"answered", "off"}}
	if !cfg.Shell.Enabled {
		c.shell.word = 1
	}
	c.shellWas = c.shell.word
	c.unknown = nil
	for _, k := range c.base.Keys {
		if k.Action == migrate.Kept && k.From != "" {
			u := &wizardChoice{label: k.From, words: []string{"kept", "dropped"}}
			if len(c.unknown) == 0 {
				u.group = "KEYS THAT ROSEY DOES NOT KNOW"
			}
			c.unknown = append(c.unknown, u)
		}
	}
}

// entries are the lines that can be chosen now.
func (c *wizardChoicesPart) entries() []*wizardChoice {
	list := []*wizardChoice{c.nats}
	if c.nats.word == 1 {
		list = append(list, c.url, c.user, c.password, c.passwordFile, c.token, c.creds, c.nkey, c.ca, c.cert, c.priv)
	} else {
		list = append(list, c.own)
	}
	return append(append(list, c.database, c.shell), c.unknown...)
}

func (c *wizardChoicesPart) open(m *model) tea.Cmd {
	if !c.made {
		c.make()
	}
	c.follow = true
	return c.try(m)
}

// decisions are what the form says otherwise than the plan has it.
func (c *wizardChoicesPart) decisions() migrate.Decisions {
	var d migrate.Decisions
	if n := c.server(); n != config.Default().NATS {
		d.NATS = &n
	}
	if text := strings.TrimSpace(c.database.field.value()); text != c.base.Database {
		d.Database = text
	}
	if on := c.shell.word == 0; c.shell.word != c.shellWas {
		d.Shell = &on
	}
	for _, u := range c.unknown {
		if u.word == 1 {
			d.Leave = append(d.Leave, u.label)
		}
	}
	return d
}

func (c *wizardChoicesPart) next(*model) (string, func(*model) tea.Cmd) {
	if c.deciding.asking {
		return "", nil
	}
	return "see the difference", func(m *model) tea.Cmd {
		if at, _ := c.wrong(); at == nil {
			for _, e := range c.entries() {
				e.lost = false // what is empty now is meant to be
			}
		}
		return tea.Batch(c.try(m), c.decide(m, c.page.going(wizardDiff)))
	}
}

// decide plans anew with what is chosen; where that fails, this step says why.
func (c *wizardChoicesPart) decide(m *model, then func(*model) tea.Cmd) tea.Cmd {
	base, d := c.base, c.decisions()
	c.wrongAt = nil
	if at, wrong := c.wrong(); at != nil {
		c.at, c.wrongAt = slices.Index(c.entries(), at), at
		c.deciding.err = errors.New(wrong)
		return c.stay(m)
	}
	var noDatabase error
	return c.deciding.fetch(func() (*migrate.Plan, error) {
		plan, err := base.Decide(d)
		if err == nil {
			noDatabase = impossible(plan)
		}
		return plan, cmp.Or(err, noDatabase)
	}, func(m *model) tea.Cmd {
		if noDatabase != nil {
			c.wrongAt, c.at = c.database, slices.Index(c.entries(), c.database)
		}
		if c.deciding.err != nil {
			return c.stay(m)
		}
		plan := *c.deciding.reply
		if len(base.Warnings) > len(plan.Warnings) { // that of the file's mode comes with reading
			plan.Warnings = base.Warnings
		}
		c.page.plan = &plan
		return then(m)
	})
}

// wrong is what the loader would not find wrong with what is chosen, or not say
// in a person's words; at is nil when there is nothing.
func (c *wizardChoicesPart) wrong() (at *wizardChoice, text string) {
	address := c.address()
	switch {
	case address.field.edit.empty() && address.lost:
		return address, "the " + address.label + " is not kept, since it may let somebody in: type it again"
	case c.addressText() == "":
		return address, "name the server's address, such as " + strings.TrimPrefix(config.Default().NATS.URL, natsScheme)
	case c.databasePath() == "" && c.base.Database != "":
		return c.database, "name a file for the database"
	case c.nats.word == 0:
		if wrong := ownAddress(c.server().URL); wrong != "" {
			return address, wrong
		}
	}
	return nil, ""
}

// stay comes to this step, if the person is not there.
func (c *wizardChoicesPart) stay(m *model) tea.Cmd {
	c.follow = true
	if c.page.step == wizardChoices {
		return nil
	}
	return c.page.to(m, wizardChoices)
}

func (c *wizardChoicesPart) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	k, list := m.keys.Wizard, c.entries()
	now := list[c.at]
	c.deciding.err, c.follow = nil, true
	switch {
	case key.Matches(msg, k.NextRow):
		return c.move(m, c.at+1), true
	case key.Matches(msg, k.PrevRow):
		return c.move(m, c.at-1), true
	case now.field == nil && key.Matches(msg, k.Turn):
		step := 1
		if msg.Code == tea.KeyLeft {
			step = len(now.words) - 1
		}
		return c.turn(m, now, (now.word+step)%len(now.words)), true
	case now.field != nil && now.field.edit.key(m.keys, msg):
		return nil, true
	}
	return nil, false
}

// move goes to another line; what was typed in the one that is left is tried.
func (c *wizardChoicesPart) move(m *model, to int) tea.Cmd {
	n := len(c.entries())
	c.at = (to + n) % n
	c.page.keep(m)
	return c.try(m)
}

// turn takes one of an entry's words.
func (c *wizardChoicesPart) turn(m *model, e *wizardChoice, word int) tea.Cmd {
	e.word = word
	c.page.keep(m)
	return c.try(m)
}

func (c *wizardChoicesPart) keys(m *model) []key.Binding {
	k := m.keys.Wizard
	if c.made && c.entries()[c.at].field == nil {
		return []key.Binding{k.NextRow, k.Turn}
	}
	return []key.Binding{k.NextRow}
}

func (c *wizardChoicesPart) paste(_ *model, text string) {
	if f := c.entries()[c.at].field; f != nil {
		f.edit.insert(text)
	}
}
