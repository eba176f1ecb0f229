package config

import (
	"net"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// check holds a decoded configuration against the rules that concern more than
// one value's type, and puts values into their normal form.
func (d *decoder) check(cfg *Config) {
	d.forms(reflect.ValueOf(cfg).Elem(), "")
	d.nats(&cfg.NATS)
	d.platforms(cfg)
	d.rules(&cfg.TUI)
	if cfg.LLM.Enabled {
		d.warnf(d.place("llm.enabled"), "llm.enabled", "set it to false", "rosey does not talk to language models; this has no effect")
	}
}

// place is where the value of a key stands; for a key that is not there, the
// section around it.
func (d *decoder) place(path string) position {
	for path != "" {
		if at, ok := d.at[path]; ok {
			return at
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return d.at[""]
}

// shown is a text as messages repeat it: not what lets somebody in, and not
// what the environment put there, which may be anything.
func (d *decoder) shown(text, path string) string {
	if d.fromEnv[path] {
		return "another text from the environment"
	}
	return strconv.Quote(shorten(RedactURL(text)))
}

// forms checks every text against its is tag and normalises it.
func (d *decoder) forms(section reflect.Value, path string) {
	for _, f := range fieldsOf(section.Type()) {
		v, at := section.Field(f.index), join(path, f.name)
		switch {
		case v.Kind() == reflect.Struct:
			d.forms(v, at)
		case v.Kind() == reflect.Slice && f.typ.Elem().Kind() == reflect.Struct:
			for i := range v.Len() {
				d.forms(v.Index(i), at+"["+strconv.Itoa(i)+"]")
			}
		case v.Kind() == reflect.Map && f.is == isKeys:
			for name, keys := range v.Interface().(map[string]string) {
				d.keyList(keys, join(at, name))
			}
		case v.Kind() == reflect.String && f.is != "" && v.String() != "":
			v.SetString(d.form(v.String(), f, at))
		}
	}
}

var (
	// channelName is what CyTube takes for one (PROTOCOL.md §1).
	channelName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,30}$`)
	// userName is likewise (PROTOCOL.md §3).
	userName  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,20}$`)
	hasScheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://`)
)

// form checks one text; what it is worth comes back.
func (d *decoder) form(text string, f field, path string) string {
	at := d.place(path)
	switch f.is {
	case isSite:
		return d.web(text, "https://", "a site's address", "https://cytu.be", at, path)
	case isMonitor:
		return d.web(text, "http://", "a monitoring endpoint's address without user or password", "http://localhost:8222", at, path)
	case isProxy:
		return d.proxy(text, at, path)
	case isChannel:
		if !channelName.MatchString(text) {
			d.errorf(at, path, "write the name as it stands at the end of the channel's address",
				"expected a channel's name: 1 to 30 of A-Z a-z 0-9 _ -, found another text of %d characters", len([]rune(text)))
		}
	case isUser:
		if !userName.MatchString(text) {
			d.errorf(at, path, "write the name that you log in with, not an e-mail address",
				"expected a CyTube user's name: 1 to 20 of A-Z a-z 0-9 _ -, found another text of %d characters", len([]rune(text)))
		}
	case isRegexp, isMatch:
		d.regexp(text, f, path)
	case isKeys:
		d.keyList(text, path)
	case isTemplate:
		d.template(text, path)
	case isSync:
		if every, err := ParseDuration(text); text != "always" && (err != nil || every <= 0) {
			d.errorf(at, path, "write always, or an interval such as 2m or 30s",
				"expected always or an interval, found %s", d.shown(text, path))
		}
	}
	return text
}

// web gives a web address its scheme and takes the last slash away.
func (d *decoder) web(text, scheme, what, example string, at position, path string) string {
	if !hasScheme.MatchString(text) {
		text = scheme + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" ||
		u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		d.errorf(at, path, "write it as "+example, "expected %s, found %s", what, d.shown(text, path))
	}
	return strings.TrimRight(text, "/")
}

// proxy gives a SOCKS proxy its port.
func (d *decoder) proxy(text string, at position, path string) string {
	host, port, err := net.SplitHostPort(text)
	if err != nil { // no port: a name, or an IPv6 address with or without brackets
		host, port = strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"), "1080"
		if strings.ContainsRune(host, ':') && net.ParseIP(host) == nil {
			host = ""
		}
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 || host == "" || strings.ContainsAny(host, "/@ []") {
		d.errorf(at, path, "write it as 127.0.0.1:9050, without socks5://, name or password",
			"expected host or host:port of a SOCKS5 proxy, found %s", d.shown(text, path))
		return text
	}
	return net.JoinHostPort(host, port)
}

func (d *decoder) nats(n *NATS) {
	if n.URL == "" {
		d.errorf(d.place("nats.url"), "nats.url", "write nats://localhost:4222", "expected a server's address, found an empty text")
	}
	for server := range strings.SplitSeq(n.URL, ",") {
		if n.URL != "" && !natsServer(strings.TrimSpace(server)) {
			d.errorf(d.place("nats.url"), "nats.url", "write it as nats://host:4222",
				"expected addresses with nats://, tls://, ws:// or wss://, found %s", d.shown(n.URL, "nats.url"))
			break
		}
	}
	if (n.TLS.Cert == "") != (n.TLS.Key == "") {
		d.errorf(d.place("nats.tls"), "nats.tls", "give both, or neither", "expected cert and key together, found one of them")
	}
	d.onePassword("nats.", n.Password, n.PasswordFile, n.PasswordCommand)
	hasPassword := n.Password != "" || n.PasswordFile != "" || n.PasswordCommand != ""
	if hasPassword && n.User == "" && !d.reported("nats.user") {
		d.errorf(d.place("nats"), "nats.user", "add user, or use token", "expected a user for the password, found none")
	}
	var ways []string
	for _, way := range []struct {
		key   string
		given bool
	}{
		{"url", strings.Contains(n.URL, "@")}, {"token", n.Token != ""}, {"user", n.User != ""},
		{"creds", n.Creds != ""}, {"nkey", n.NKey != ""},
	} {
		if way.given {
			ways = append(ways, way.key)
		}
	}
	if len(ways) > 1 {
		d.errorf(d.place("nats."+ways[1]), "nats", "keep one of them",
			"expected one way to be let in, found several: %s", strings.Join(ways, ", "))
	}
}

func natsServer(server string) bool {
	if !hasScheme.MatchString(server) {
		server = "nats://" + server
	}
	u, err := url.Parse(server)
	if err != nil || u.Hostname() == "" {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "nats", "tls", "ws", "wss":
		return true
	}
	return false
}

// onePassword reports a password that comes from more than one place.
func (d *decoder) onePassword(section string, password Secret, file string, command Secret) {
	var sources []string
	if password != "" {
		sources = append(sources, "password")
	}
	if file != "" {
		sources = append(sources, "password_file")
	}
	if command != "" {
		sources = append(sources, "password_command")
	}
	if len(sources) > 1 {
		d.errorf(d.place(section+sources[1]), section+"password", "keep one of them",
			"expected one source of the password, found several: %s", strings.Join(sources, ", "))
	}
}
