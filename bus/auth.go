package bus

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/nats-io/nats.go"

	"rosey/config"
)

// tlsOptions reads the PEM files now, so that a missing one is told by its
// key in the config.
func tlsOptions(t config.TLS) ([]nats.Option, error) {
	for key, path := range map[string]string{"nats.tls.cert": t.Cert, "nats.tls.key": t.Key, "nats.tls.ca": t.CA} {
		if path == "" {
			continue
		}
		if _, err := readFile(key, path); err != nil {
			return nil, err
		}
	}
	var o []nats.Option
	switch {
	case t.Cert != "" && t.Key != "":
		o = append(o, nats.ClientCert(t.Cert, t.Key))
	case t.Cert != "" || t.Key != "":
		return nil, &failure{kind: ErrSettings,
			text: "nats.tls.cert and nats.tls.key belong together: give both or neither"}
	}
	if t.CA != "" {
		o = append(o, nats.RootCAs(t.CA))
	}
	for _, set := range o {
		var scratch nats.Options
		if err := set(&scratch); err != nil {
			return nil, &failure{kind: ErrSettings, cause: err,
				text: "a file of nats.tls is not what it should be: give PEM files, a certificate, its key, and the authority's certificate"}
		}
	}
	return o, nil
}

// readFile reads the file that a key of the config names.
func readFile(key, path string) ([]byte, error) {
	data, err := config.ReadFile(path)
	if err == nil {
		return data, nil
	}
	what := "cannot be read"
	if errors.Is(err, fs.ErrNotExist) {
		what = "does not exist"
	}
	return nil, &failure{kind: ErrSettings, cause: err,
		text: fmt.Sprintf("the file %s of %s %s: correct the path", path, key, what)}
}

// checkCreds looks into a .creds file: the client library does so only when
// the server asks, and then tells no path.
func checkCreds(path string) error {
	data, err := readFile("nats.creds", path)
	if err != nil {
		return err
	}
	if !bytes.Contains(data, []byte("NATS USER JWT")) || !bytes.Contains(data, []byte("USER NKEY SEED")) {
		return &failure{kind: ErrSettings,
			text: fmt.Sprintf("the file %s of nats.creds holds no user credentials: make one with nsc or ask whoever runs the server", path)}
	}
	return nil
}

// authOptions chooses who we say that we are: the config's word first, then
// the address's own user part, then the generated password of our role, which
// is only ever told to a server on this machine. generated is where that is
// looked for.
func authOptions(opts ConnectOptions) (who []nats.Option, generated string, err error) {
	n := opts.NATS
	switch {
	case n.Creds != "":
		if err := checkCreds(n.Creds); err != nil {
			return nil, "", err
		}
		return []nats.Option{nats.UserCredentials(n.Creds)}, "", nil
	case n.NKey != "":
		if _, err := readFile("nats.nkey", n.NKey); err != nil {
			return nil, "", err
		}
		o, err := nats.NkeyOptionFromSeed(n.NKey)
		if err != nil {
			return nil, "", &failure{kind: ErrSettings, cause: err,
				text: fmt.Sprintf("the file %s of nats.nkey holds no nkey seed", n.NKey)}
		}
		return []nats.Option{o}, "", nil
	case n.Token != "":
		return []nats.Option{nats.Token(n.Token.Reveal())}, "", nil
	case n.User != "":
		return []nats.Option{nats.UserInfo(n.User, n.Password.Reveal())}, "", nil
	case !loopbackOnly(n.URL):
		return nil, "", nil
	}
	state, err := stateDir(opts.StateDir)
	if err != nil {
		return nil, "", err
	}
	if _, err := loadPassword(state, opts.Role); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, "", err
	}
	// Read at each connect: the server may make it only later, or anew. Without
	// a file we name nobody, which a server of one's own may let in.
	return []nats.Option{nats.UserInfoHandler(func() (string, string) {
		password, err := loadPassword(state, opts.Role)
		if err != nil {
			return "", ""
		}
		return string(opts.Role), password
	})}, passwordPath(state, opts.Role), nil
}

// loopbackOnly tells whether every address in a comma-separated list is one of
// this machine and names no user.
func loopbackOnly(addresses string) bool {
	for _, a := range strings.Split(addresses, ",") {
		u, err := parseURL(strings.TrimSpace(a))
		if err != nil || u.User != nil || !isLoopback(u.Hostname()) {
			return false
		}
	}
	return true
}

// isLoopback tells whether host is this machine. Of names only localhost is:
// any other is somebody else's to decide.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// parseURL reads one server address. Its error does not repeat the address,
// which may hold a password.
func parseURL(address string) (*url.URL, error) {
	if !strings.Contains(address, "://") {
		address = "nats://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil, &failure{kind: ErrSettings,
			text: "nats.url is not an address: write it like nats://localhost:4222"}
	}
	if u.Port() == "" {
		u.Host = net.JoinHostPort(u.Hostname(), "4222")
	}
	return u, nil
}

// otherCredentials is what to do where the server does not take ours.
func (c *Conn) otherCredentials() string {
	const set = "set nats.user and nats.password, nats.token, nats.creds or nats.nkey to what that server expects"
	if c.generated == "" {
		return set
	}
	if _, err := os.Stat(c.generated); err != nil {
		return "there are none in " + c.generated + ", where a server that `rosey run` starts leaves them; run rosey as the user who started it and with the same XDG_STATE_HOME, or " + set
	}
	return "those in " + c.generated + " are another server's; run rosey as the user who started this one and with the same XDG_STATE_HOME, or " + set
}
