package tui

import (
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/config"
)

// What is chosen is tried while the form is on the screen.

// natsScheme stands before the address of a NATS server.
const natsScheme = "nats://"

// server is what was chosen for NATS: rosey's own server, or the person's.
func (c *wizardChoicesPart) server() config.NATS {
	text := func(c *wizardChoice) string { return strings.TrimSpace(c.field.value()) }
	n := config.Default().NATS
	if c.nats.word == 0 {
		if n.URL = text(c.own); !strings.Contains(n.URL, "://") {
			n.URL = natsScheme + n.URL
		}
		return n
	}
	n.Embedded = config.EmbeddedNo
	n.URL, n.User, n.PasswordFile, n.Creds, n.NKey = text(c.url), text(c.user), text(c.passwordFile), text(c.creds), text(c.nkey)
	n.Password, n.Token = config.Secret(c.password.field.value()), config.Secret(c.token.field.value())
	n.TLS = config.TLS{CA: text(c.ca), Cert: text(c.cert), Key: text(c.priv)}
	return n
}

// address is the line that says where NATS is.
func (c *wizardChoicesPart) address() *wizardChoice {
	if c.nats.word == 0 {
		return c.own
	}
	return c.url
}

func (c *wizardChoicesPart) addressText() string {
	return strings.TrimSpace(c.address().field.value())
}

func (c *wizardChoicesPart) databasePath() string { return strings.TrimSpace(c.database.field.value()) }

// try tries what is chosen, as far as it is not what was tried last.
func (c *wizardChoicesPart) try(m *model) tea.Cmd {
	var cmds []tea.Cmd
	if fingerprint(c.server()) != c.triedNATS {
		cmds = append(cmds, c.tryNATS(m))
	}
	if path := c.databasePath(); path != c.triedData {
		c.triedData = path
		plan, life, with := *c.base, m.deps.life, m.opts.Migration.Databases
		plan.Database = path
		cmds = append(cmds, c.dataProbe.fetch(func() (probed, error) { return probeDatabase(life, &plan, with).of(path), nil }, nil))
	}
	return tea.Batch(cmds...)
}

func (c *wizardChoicesPart) tryNATS(m *model) tea.Cmd {
	n, life, try, state := c.server(), m.deps.life, m.deps.tryNATS, m.opts.Migration.StateDir
	folder, what := filepath.Dir(c.page.file.path), fingerprint(n)
	c.triedNATS = what
	if c.addressText() == "" || len(c.withheld()) > 0 {
		return nil // what would be tried is not what was chosen
	}
	return c.natsProbe.fetch(func() (probed, error) { return try(life, n, folder, state).of(what), nil }, nil)
}

// probeAgain is how old a verdict on NATS may get: somebody may start or stop a
// server meanwhile.
const probeAgain = 5 * time.Second

// rest tries what was typed once the typing rests for a second, and NATS again
// now and then.
func (c *wizardChoicesPart) rest(m *model) tea.Cmd {
	now := fingerprint(c.server()) + "\x00" + c.databasePath()
	if now != c.typed {
		c.typed = now
		return nil
	}
	c.page.keep(m)
	cmd := c.try(m)
	if cmd == nil && c.natsProbe.older(m.now, probeAgain) {
		cmd = c.tryNATS(m)
	}
	return cmd
}

// fingerprint tells whether two servers are the same to try. It stays in here.
func fingerprint(n config.NATS) string {
	return strings.Join([]string{string(n.Embedded), n.URL, n.User, n.Password.Reveal(), n.PasswordFile, n.Token.Reveal(), n.Creds, n.NKey, n.TLS.CA, n.TLS.Cert, n.TLS.Key}, "\x00")
}
