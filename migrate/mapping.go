package migrate

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"rosey/config"
)

// section is a place of v2 that keys go to.
type section string

const (
	top      section = ""
	database section = "database"
	platform section = "platforms[0]"
	logging  section = "logging"
)

func (s section) path(key string) string {
	if s == top {
		return key
	}
	return string(s) + "." + key
}

// move says where a key of v1 goes.
type move struct {
	to      section
	key     string
	why     string
	notable bool // why is more than where it goes
}

// moves is the mapping of Rosey-Robot's own script (COMPAT.md §6), and of the
// keys that it lost.
var moves = map[string]move{
	"domain":           {platform, "domain", "the site is a setting of the room now", false},
	"channel":          {platform, "channel", "the channel is a setting of the room now", false},
	"user":             {platform, "user", "the account is a setting of the room now", false},
	"response_timeout": {platform, "response_timeout", "a setting of the room now", false},
	"restart_delay":    {platform, "restart_delay", "a setting of the room now", false},
	"db":               {database, "path", "database.path names the file now", false},
	"log_level":        {logging, "level", "logging.level now", false},
	"chat_log_file":    {logging, "chat_log_file", "log files have a section of their own", false},
	"media_log_file":   {logging, "media_log_file", "log files have a section of their own", false},
	"llm_log_file":     {logging, "llm_log_file", "carried, though the old script lost it; nothing writes that log any more", true},
	"llm":              {top, "llm", "as it was; nothing reads it any more", true},
	"tui":              {top, "tui", "carried, though the old script lost it", true},
	"proxy":            {top, "proxy", "carried, though the old script lost it: the bot would have shown its own address", true},
	"retry":            {top, "retry", "carried, though the old script lost it; rosey reconnects for as long as it makes sense", true},
	"retry_delay":      {top, "retry_delay", "carried, though the old script lost it; see retry", true},
}

// dropped are the keys of v1 that have no place in v2, and why.
var dropped = map[string]string{
	"version":       "version is \"2.0\" now",
	"poll_interval": "nothing in v2 reads it: user counts are stored every 300 seconds",
}

// sections of v2 that v1 had no keys by the name of.
var sections = []string{"nats", "database", "platforms", "logging", "plugins", "events"}

// mapping makes the tree of v2 from that of v1, and writes down what it does.
type mapping struct {
	plan     *Plan
	doc      *document
	secrets  *secrets
	decided  Decisions
	found    string // the database's whole path, where the result must name that
	problems []config.Problem

	database, room, logging *yaml.Node
	shell                   *yaml.Node // nil until there is one
	shellKey                *yaml.Node
	rest                    []*yaml.Node
}

// v2 is the whole result.
func (m *mapping) v2() *yaml.Node {
	m.database, m.room, m.logging = objectNode(), objectNode(), objectNode()
	content := m.doc.root.Content
	for i := 0; i+1 < len(content); i += 2 {
		m.key(content[i], content[i+1])
	}
	root := objectNode()
	m.set(root, top, "version", quotedNode(config.Version), "says which layout this is")
	m.defaults(root)
	root.Content = append(root.Content, m.rest...)
	if member(root, "llm") == nil {
		m.set(root, top, "llm", objectNode(), "there was none")
	}
	plugins := objectNode()
	m.set(plugins, "plugins", "enabled", plainNode("!!bool", "true"), "as the old script has it; nothing reads it")
	m.set(plugins, "plugins", "directory", textNode("plugins/"), "as the old script has it; nothing reads it")
	m.set(plugins, "plugins", "auto_reload", plainNode("!!bool", "false"), "as the old script has it; nothing reads it")
	add(root, "plugins", plugins)
	return root
}

// defaults builds the sections, each with what v1 had and then what it had not.
func (m *mapping) defaults(root *yaml.Node) {
	add(root, "nats", m.natsSection())

	if path, why := m.databasePath(); path != "" && member(m.database, "path") == nil {
		m.set(m.database, database, "path", textNode(config.EscapeReferences(path)), why)
		m.plan.Keys[len(m.plan.Keys)-1].notable = m.found != ""
	}
	m.fill(m.database, database, "path", textNode("bot_data.db"), "v1's own default")
	m.set(m.database, database, "run_as_service", plainNode("!!bool", "true"), "rosey runs the database service itself")
	add(root, "database", m.database)

	carried := m.room.Content
	m.room.Content = nil
	m.set(m.room, platform, "type", textNode("cytube"), "the only kind there is")
	m.set(m.room, platform, "name", textNode("primary"), "the room's name on the bus")
	m.set(m.room, platform, "enabled", plainNode("!!bool", "true"), "the room is used")
	m.room.Content = append(m.room.Content, carried...)
	m.fill(m.room, platform, "domain", textNode("https://cytu.be"), "as the old script has it")
	m.fill(m.room, platform, "user", plainNode("!!null", "null"), "without an account the bot is anonymous, as it was; the old script put its example's account here")
	m.fill(m.room, platform, "response_timeout", plainNode("!!int", "1"), "as the old script has it")
	m.fill(m.room, platform, "restart_delay", plainNode("!!int", "5"), "as the old script has it")
	add(root, "platforms", &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{m.room}})

	if m.shell == nil {
		m.shell, m.shellKey = objectNode(), textNode("shell")
		on, why := true, "there was none, and v2 has the PM commands on; write false for none"
		if m.decided.Shell != nil {
			on, why = *m.decided.Shell, decided
		}
		m.shellKeys(on, "", "", why)
	}
	root.Content = append(root.Content, m.shellKey, m.shell)

	m.fill(m.logging, logging, "level", textNode("WARNING"), "as the old script has it")
	m.fill(m.logging, logging, "chat_log_file", textNode("chat.log"), "as the old script has it; null for none")
	m.fill(m.logging, logging, "media_log_file", textNode("media.log"), "as the old script has it; null for none")
	add(root, "logging", m.logging)
}

// add puts a key at the end of an object.
func add(object *yaml.Node, key string, v *yaml.Node) {
	object.Content = append(object.Content, textNode(key), v)
}

// set adds a key that v1 did not have.
func (m *mapping) set(object *yaml.Node, in section, key string, v *yaml.Node, why string) {
	add(object, key, v)
	m.plan.Keys = append(m.plan.Keys, Key{
		To: in.path(key), New: m.secrets.json(v), Action: Defaulted, Why: why,
	})
}

// fill is set for a key that v1 may have had.
func (m *mapping) fill(object *yaml.Node, in section, key string, v *yaml.Node, why string) {
	if member(object, key) == nil {
		m.set(object, in, key, v, why)
	}
}

// key deals with one key of v1.
func (m *mapping) key(name, v *yaml.Node) {
	k := Key{From: name.Value, Old: m.secrets.json(v), Line: name.Line, Column: name.Column, node: v}
	switch rule, known := moves[name.Value]; {
	case known:
		m.move(k, rule, name, v)
	case name.Value == "shell":
		m.fromShell(k, name, v)
	case slices.Contains(m.decided.Leave, name.Value):
		k.Action, k.Why = Dropped, decided
		m.plan.Keys = append(m.plan.Keys, k)
	case dropped[name.Value] != "":
		k.Action, k.Why = Dropped, dropped[name.Value]
		m.plan.Keys = append(m.plan.Keys, k)
	case slices.Contains(sections, name.Value):
		m.problems = append(m.problems, config.Problem{
			File: m.plan.Path, Line: name.Line, Column: name.Column, Key: name.Value,
			What: "the file has version 1's flat keys, and this section of version 2 too",
			Do:   `keep one layout: add "version": "2.0" and remove the flat keys, or remove the section`,
		})
	default:
		k.From = m.secrets.text(name.Value)
		k.To, k.New, k.Action, k.Why = k.From, k.Old, Kept, "rosey does not know the key and ignores it; it stays in the file as it is"
		if config.IsComment(name.Value) {
			k.Why = "a comment"
		}
		m.rest = append(m.rest, name, v)
		m.plan.Keys = append(m.plan.Keys, k)
	}
}

// move carries a key to its place.
func (m *mapping) move(k Key, rule move, name, v *yaml.Node) {
	k.To, k.Action, k.Why, k.notable = rule.to.path(rule.key), Carried, rule.why, rule.notable
	if rule.key != name.Value {
		k.Action = Renamed
	}
	escaped := m.escaped(v)
	if escaped != v {
		k.Action = Changed
		k.Why += "; ${NAME} is the environment in v2, so it is written $${NAME} here to stay what it was"
	}
	if isNull(v) && nullMeans[name.Value] != "" {
		k.Why += "; " + nullMeans[name.Value]
		k.notable = true
	}
	if path, why := m.databasePath(); name.Value == "db" && path != "" {
		escaped = textNode(config.EscapeReferences(path))
		k.Action, k.Why = Changed, why
	}
	k.New = m.secrets.json(escaped)
	key := *name
	key.Value = rule.key
	if rule.key == "tui" || rule.to == top {
		m.rest = append(m.rest, &key, escaped)
	} else {
		section := map[section]*yaml.Node{database: m.database, platform: m.room, logging: m.logging}[rule.to]
		section.Content = append(section.Content, &key, escaped)
	}
	m.plan.Keys = append(m.plan.Keys, k)
}

// databasePath is what database.path becomes instead of what v1 had, and why;
// empty where that stays.
func (m *mapping) databasePath() (path, why string) {
	const whole = "it lies beside the config: its whole path, so that the bot opens this one whatever folder it is started in"
	switch {
	case m.found == "":
		return m.decided.Database, decided
	case m.decided.Database != "":
		return m.found, decided + "; " + whole
	}
	return m.found, whole
}

// nullMeans says what null comes to where that is not the same as it was.
var nullMeans = map[string]string{
	"restart_delay":    "null was: never reconnect; rosey reconnects, after 5 seconds at first",
	"response_timeout": "null is 3 seconds to rosey",
	"db":               "null is bot_data.db to rosey",
	"log_level":        "null is info to rosey",
}

// escaped is v with its texts escaped; v itself when there is nothing to do.
func (m *mapping) escaped(v *yaml.Node) *yaml.Node {
	if v.Kind == yaml.ScalarNode {
		if !isText(v) || config.EscapeReferences(v.Value) == v.Value {
			return v
		}
		c := *v
		c.Value = config.EscapeReferences(v.Value)
		if shown, secret := m.secrets.nodes[v]; secret {
			m.secrets.nodes[&c] = shown
		}
		return &c
	}
	c := *v
	c.Content = make([]*yaml.Node, len(v.Content))
	changed := false
	for i, child := range v.Content {
		c.Content[i] = child
		if v.Kind == yaml.SequenceNode || i%2 == 1 {
			c.Content[i] = m.escaped(child)
		}
		changed = changed || c.Content[i] != child
	}
	if !changed {
		return v
	}
	return &c
}

// inSource puts a problem of the result where its cause stands in the source.
func (m *mapping) inSource(p config.Problem) config.Problem {
	p.File, p.Line, p.Column = m.plan.Path, 1, 1
	p.What, p.Do = m.secrets.text(p.What), m.secrets.text(p.Do)
	path := p.Key
	for from, to := range map[string]string{".password": ".user", ".channel_password": ".channel"} {
		if rest, ok := strings.CutSuffix(path, from); ok && strings.HasPrefix(path, string(platform)) {
			path = rest + to
		}
	}
	for _, k := range m.plan.Keys {
		rest, ok := strings.CutPrefix(path, k.To)
		if !ok || k.node == nil || k.To == "" || rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		p.Key = m.secrets.text(k.From + rest)
		p.Line, p.Column = place(k.node, rest)
		return p
	}
	p.Key = strings.TrimPrefix(m.secrets.text(p.Key), string(platform)+".")
	return p
}

// place is where the value stands that a path such as .triggers.commands[1]
// leads to from n; where it leads nowhere, the last one on the way.
func place(n *yaml.Node, path string) (line, column int) {
	for path != "" {
		var next *yaml.Node
		var i int
		if _, err := fmt.Sscanf(path, "[%d]", &i); err == nil {
			if n.Kind == yaml.SequenceNode && i < len(n.Content) {
				next = n.Content[i]
			}
			_, path, _ = strings.Cut(path, "]")
		} else {
			key := strings.TrimPrefix(path, ".")
			end := strings.IndexAny(key, ".[")
			if end < 0 {
				end = len(key)
			}
			next, path = member(n, key[:end]), key[end:]
		}
		if next == nil {
			break
		}
		n = next
	}
	return max(n.Line, 1), max(n.Column, 1)
}
