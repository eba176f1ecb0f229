package migrate

import (
	"net"
	"net/netip"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"rosey/config"
)

// Where v1's shell listened when the key did not say.
const (
	shellHost = "localhost"
	shellPort = "5555"
)

// fromShell reads v1's shell: "host:port", or nothing for none. Host and port
// are carried, though they mean nothing any more: the commands come as private
// messages.
func (m *mapping) fromShell(k Key, name, v *yaml.Node) {
	k.To, k.Action = "shell", Changed
	m.shell, m.shellKey = objectNode(), name
	if v.Kind == yaml.MappingNode { // v2's own form
		k.Action, k.Why, k.New = Carried, "as it was", k.Old
		m.shell = v
		m.plan.Keys = append(m.plan.Keys, k)
		return
	}
	enabled, host, port, ok := readShell(v)
	if !ok {
		m.problems = append(m.problems, config.Problem{
			File: m.plan.Path, Line: v.Line, Column: v.Column, Key: "shell",
			What: "expected host:port or null, found " + m.secrets.text(string(k.Old)),
			Do:   `write "localhost:5555" (the port means nothing any more), or null for no PM commands`,
		})
		return
	}
	if m.decided.Shell != nil {
		enabled = *m.decided.Shell
	}
	k.Why = "the commands come as private messages now; host and port mean nothing any more"
	if m.decided.Shell != nil {
		k.Why = decided
	} else if !enabled {
		k.Why = "it was off and stays off; the old script turned it on"
	}
	m.plan.Keys = append(m.plan.Keys, k)
	at := len(m.plan.Keys) - 1
	m.shellKeys(enabled, host, port, "from shell")
	m.plan.Keys = m.plan.Keys[:at+1] // one entry says it all
	m.plan.Keys[at].New = m.secrets.json(m.shell)
	m.shell.Content[1].LineComment = v.LineComment
}

// readShell reports false for a value that v1 could not have used either.
func readShell(v *yaml.Node) (enabled bool, host, port string, ok bool) {
	switch {
	case isNull(v):
		return false, "", "", true
	case v.Kind == yaml.ScalarNode && v.ShortTag() == "!!bool":
		return strings.EqualFold(v.Value, "true"), "", "", true
	case !isText(v):
		return false, "", "", false
	case v.Value == "":
		return false, "", "", true
	}
	text := strings.TrimSpace(v.Value)
	if address, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return true, address.String(), "", true
	}
	if !strings.Contains(text, ":") {
		return true, "", "", true // v1's script took the default for both
	}
	host, port, err := net.SplitHostPort(text)
	n, bad := strconv.ParseUint(strings.TrimSpace(port), 10, 16)
	if err != nil || bad != nil && strings.TrimSpace(port) != "" {
		return false, "", "", false
	}
	if bad != nil {
		return true, host, "", true
	}
	return true, host, strconv.FormatUint(n, 10), true
}

func (m *mapping) shellKeys(enabled bool, host, port, why string) {
	if host == "" {
		host = shellHost
	}
	if port == "" {
		port = shellPort
	}
	m.set(m.shell, "shell", "enabled", plainNode("!!bool", strconv.FormatBool(enabled)), why)
	m.set(m.shell, "shell", "host", textNode(host), "means nothing any more")
	m.set(m.shell, "shell", "port", plainNode("!!int", port), "means nothing any more")
}
