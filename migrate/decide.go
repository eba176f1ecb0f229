package migrate

import (
	"strconv"

	"go.yaml.in/yaml/v3"

	"rosey/config"
)

// Decisions are what a person may want otherwise than the old script had it.
// The zero value changes nothing.
type Decisions struct {
	NATS     *config.NATS `json:"nats,omitempty"`     // where NATS is and how to be let in; nil: as the old script has it
	Database string       `json:"database,omitempty"` // database.path, instead of v1's
	Shell    *bool        `json:"shell,omitempty"`    // shell.enabled, instead of v1's
	Leave    []string     `json:"leave,omitempty"`    // keys nobody knows that are not carried
}

// Decide plans anew, with a person's decisions, and looks where the database
// lies. The plan itself stays as it is.
func (p *Plan) Decide(d Decisions) (*Plan, error) {
	again, err := newPlan(p.Path, p.output, []byte(p.Before.Reveal()), d, "")
	if err != nil {
		return nil, err
	}
	return again.placed(d)
}

// natsSection writes the section as decided: the old script's four keys, and of
// the others those that say something.
func (m *mapping) natsSection() *yaml.Node {
	n := config.Default().NATS
	why := "rosey runs a NATS server of its own there when none answers"
	if m.decided.NATS != nil {
		n, why = *m.decided.NATS, decided
	}
	nats := objectNode()
	m.setText(nats, "nats", "url", n.URL, why)
	m.set(nats, "nats", "connection_timeout", secondsNode(n.ConnectionTimeout), "seconds")
	m.set(nats, "nats", "max_reconnect_attempts", plainNode("!!int", strconv.Itoa(n.MaxReconnectAttempts)), "how often it tries; -1 is for ever")
	m.set(nats, "nats", "reconnect_delay", secondsNode(n.ReconnectDelay), "seconds")
	if n.Embedded != config.Default().NATS.Embedded {
		m.set(nats, "nats", "embedded", textNode(string(n.Embedded)), decided)
	}
	for _, k := range []struct{ key, text string }{
		{"user", n.User}, {"password_file", n.PasswordFile}, {"creds", n.Creds}, {"nkey", n.NKey},
		{"password", n.Password.Reveal()}, {"password_command", n.PasswordCommand.Reveal()}, {"token", n.Token.Reveal()},
	} {
		if k.text != "" {
			m.setText(nats, "nats", k.key, k.text, decided)
		}
	}
	tls := objectNode()
	for _, k := range []struct{ key, text string }{{"cert", n.TLS.Cert}, {"key", n.TLS.Key}, {"ca", n.TLS.CA}} {
		if k.text != "" {
			m.setText(tls, "nats.tls", k.key, k.text, decided)
		}
	}
	if len(tls.Content) > 0 {
		add(nats, "tls", tls)
	}
	return nats
}

const decided = "as you decided"

// setText is set for a text that may be a secret, or have one in it.
func (m *mapping) setText(object *yaml.Node, in section, key, text, why string) {
	n := textNode(text)
	secret := key == "password" || key == "password_command" || key == "token"
	m.secrets.scalar(n, secret)
	m.secrets.order()
	m.set(object, in, key, n, why)
}

func secondsNode(s config.Seconds) *yaml.Node {
	text := strconv.FormatFloat(float64(s), 'f', -1, 64)
	if float64(s) == float64(int64(s)) {
		return plainNode("!!int", text)
	}
	return plainNode("!!float", text)
}
