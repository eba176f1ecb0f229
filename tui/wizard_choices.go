package tui

import (
	"path/filepath"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
	"rosey/config"
	"rosey/migrate"
)

// A wizardChoicesPart is the third step: what the person wants otherwise than
// the plan has it. What is chosen is tried at once.
type wizardChoicesPart struct {
	page *wizardPage
	base *migrate.Plan // without anybody's choices
	made bool

	nats, shell                                       *wizardChoice
	url, user, password, token, creds, ca, cert, priv *wizardChoice
	database                                          *wizardChoice
	unknown                                           []*wizardChoice
	shellWas                                          int // its word in base
	at                                                int // among entries

	natsProbe, dataProbe query[probed]
	triedNATS, triedData string // what was tried last
	deciding             query[*migrate.Plan]
}

// A wizardChoice is one line of the form: a field, or one of some words.
type wizardChoice struct {
	label  string
	group  string // over the first of a group
	field  *field // nil: words
	secret bool   // of field
	words  []string
	word   int
}

func newWizardChoicesPart(p *wizardPage) *wizardChoicesPart { return &wizardChoicesPart{page: p} }

// make fills the form with what the plan has.
func (c *wizardChoicesPart) make() {
	c.made, c.base = true, c.page.plan
	cfg := config.Default()
	if parsed, _, err := config.Parse("result."+string(c.base.To), []byte(c.base.After.Reveal())); err == nil {
		cfg = parsed
	}
	typed := func(label, text string) *wizardChoice {
		return &wizardChoice{label: label, field: newField("", text, nil)}
	}
	c.nats = &wizardChoice{label: "runs", group: "NATS", words: []string{"inside rosey", "as a server of yours"}}
	c.url = typed("url", config.Default().NATS.URL)
	c.user, c.password, c.token = typed("user", ""), typed("password", ""), typed("token", "")
	c.password.secret, c.token.secret = true, true
	c.creds, c.ca = typed("creds file", ""), typed("TLS authority", "")
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
		list = append(list, c.url, c.user, c.password, c.token, c.creds, c.ca, c.cert, c.priv)
	}
	return append(append(list, c.database, c.shell), c.unknown...)
}

func (c *wizardChoicesPart) open(m *model) tea.Cmd {
	if !c.made {
		c.make()
	}
	return c.try(m)
}

// decisions are what the form says otherwise than the plan has it.
func (c *wizardChoicesPart) decisions() migrate.Decisions {
	var d migrate.Decisions
	if c.nats.word == 1 {
		n := c.server()
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

// server is the person's own NATS server.
func (c *wizardChoicesPart) server() config.NATS {
	text := func(c *wizardChoice) string { return strings.TrimSpace(c.field.value()) }
	n := config.Default().NATS
	n.Embedded = config.EmbeddedNo
	n.URL, n.User, n.Creds = text(c.url), text(c.user), text(c.creds)
	n.Password, n.Token = config.Secret(c.password.field.value()), config.Secret(c.token.field.value())
	n.TLS = config.TLS{CA: text(c.ca), Cert: text(c.cert), Key: text(c.priv)}
	return n
}

// try tries what is chosen, as far as it is not what was tried last.
func (c *wizardChoicesPart) try(m *model) tea.Cmd {
	o, life, tryNATS := m.opts.Migration, m.deps.life, m.deps.tryNATS
	var cmds []tea.Cmd
	n := config.Default().NATS
	if c.nats.word == 1 {
		n = c.server()
	}
	if what := fingerprint(n); what != c.triedNATS {
		c.triedNATS = what
		folder := filepath.Dir(c.page.file.path)
		c.natsProbe.known = false
		cmds = append(cmds, c.natsProbe.fetch(func() (probed, error) { return tryNATS(life, n, folder, o.StateDir), nil }, nil))
	}
	if path := strings.TrimSpace(c.database.field.value()); path != c.triedData || path == "" {
		c.triedData = path
		plan := *c.base
		plan.Database = path
		c.dataProbe.known = false
		cmds = append(cmds, c.dataProbe.fetch(func() (probed, error) { return probeDatabase(life, &plan, o.Databases), nil }, nil))
	}
	return tea.Batch(cmds...)
}

func (c *wizardChoicesPart) next(*model) (string, func(*model) tea.Cmd) {
	if c.deciding.asking {
		return "", nil
	}
	return "see the difference", func(m *model) tea.Cmd {
		base, d := c.base, c.decisions()
		decide := c.deciding.fetch(func() (*migrate.Plan, error) { return base.Decide(d) }, func(m *model) tea.Cmd {
			if c.deciding.err != nil {
				return nil
			}
			plan := *c.deciding.reply
			if len(base.Warnings) > len(plan.Warnings) { // that of the file's mode comes with reading
				plan.Warnings = base.Warnings
			}
			c.page.plan = &plan
			return c.page.to(m, wizardDiff)
		})
		return tea.Batch(c.try(m), decide)
	}
}

func (c *wizardChoicesPart) key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	k, list := m.keys.Wizard, c.entries()
	now := list[c.at]
	c.deciding.err = nil
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
		now.word = (now.word + step) % len(now.words)
		return c.try(m), true
	case now.field != nil && now.field.edit.key(m.keys, msg):
		return nil, true
	}
	return nil, false
}

// move goes to another line; what was typed in the one that is left is tried.
func (c *wizardChoicesPart) move(m *model, to int) tea.Cmd {
	n := len(c.entries())
	c.at = (to + n) % n
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

// labels is how wide the labels are.
func (c *wizardChoicesPart) labels(m *model, w int) int {
	n := 14
	for _, e := range c.entries() {
		n = max(n, m.by.StringWidth(room.Clean(e.label)))
	}
	return min(n, w/3)
}

func (c *wizardChoicesPart) rows(m *model, w int) []string {
	s := m.styles
	var rows []string
	shown := 0 // the row that must be on the screen
	list, labels := c.entries(), c.labels(m, w)
	for i, e := range list {
		if e.group != "" {
			if i > 0 {
				rows = append(rows, "")
			}
			rows = append(rows, m.heading(e.group, ""))
		}
		mark, label := "  ", s.muted
		if i == c.at {
			mark, label = s.accent.paint("▸ "), s.strong
			shown = len(rows)
		}
		lead := mark + label.paint(fit(m.by, room.Clean(e.label), labels)) + " "
		value, x := e.draw(m, w-m.by.StringWidth(lead))
		if i == c.at && e.field != nil {
			c.page.caret = &tea.Position{X: m.by.StringWidth(lead) + x, Y: len(rows)}
		}
		rows = append(rows, lead+value)
		if last := i+1 == len(list) || list[i+1].group != ""; last && e != c.shell {
			rows = append(rows, indentBy(labels+3, c.probeRows(m, e, w-labels-3))...)
		}
	}
	if c.deciding.err != nil {
		rows = append(append(rows, ""), m.refusal(c.deciding.err, w)...)
		shown = len(rows) - 1
	}
	c.page.reveal(shown)
	return rows
}

// probeRows are what was found under a group.
func (c *wizardChoicesPart) probeRows(m *model, last *wizardChoice, w int) []string {
	switch {
	case last == c.database:
		return c.dataProbe.reply.rows(m, c.dataProbe.known, w)
	case len(c.unknown) > 0 && last == c.unknown[len(c.unknown)-1]:
		return nil
	}
	return c.natsProbe.reply.rows(m, c.natsProbe.known, w)
}

// draw is the value in w cells, and the cursor's cell in it.
func (e *wizardChoice) draw(m *model, w int) (row string, x int) {
	s := m.styles
	if e.field != nil {
		edit := &e.field.edit
		if e.secret {
			hidden := *edit
			hidden.chars = strings.Split(strings.Repeat("•", len(edit.chars)), "")[:len(edit.chars)]
			edit = &hidden
		}
		text, x := edit.view(m.by, w)
		if e.field.edit.empty() {
			text = s.muted.paint(fit(m.by, "–", w))
		}
		return text, x
	}
	parts := make([]string, len(e.words))
	for i, word := range e.words {
		if i == e.word {
			parts[i] = s.strong.paint("◉ " + word)
		} else {
			parts[i] = s.muted.paint("○ " + word)
		}
	}
	return strings.Join(parts, "   "), 0
}

// fingerprint tells whether two servers are the same to try. It stays in here.
func fingerprint(n config.NATS) string {
	return strings.Join([]string{string(n.Embedded), n.URL, n.User, n.Password.Reveal(), n.Token.Reveal(), n.Creds, n.TLS.CA, n.TLS.Cert, n.TLS.Key}, "\x00")
}
