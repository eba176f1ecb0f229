package cytube

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestSiteURL(t *testing.T) {
	for spelled, want := range map[string]string{
		"cytu.be":                   "https://cytu.be",
		" cytu.be/ ":                "https://cytu.be",
		"https://cytu.be":           "https://cytu.be",
		"HTTPS://Cytu.be/":          "https://Cytu.be",
		"http://cytu.be":            "http://cytu.be",
		"wss://cytu.be":             "https://cytu.be",
		"https://cytu.be/r/room":    "https://cytu.be",
		"cytu.be/r/room?x=1#y":      "https://cytu.be",
		"https://example.com/cy/":   "https://example.com/cy",
		"https://me:pw@cytu.be":     "https://cytu.be",
		"cytu.be:8443":              "https://cytu.be:8443",
		"localhost:8080":            "http://localhost:8080",
		"127.0.0.1:8080":            "http://127.0.0.1:8080",
		"[::1]:8080":                "http://[::1]:8080",
		"https://localhost":         "https://localhost",
		"ftp://cytu.be":             "",
		"":                          "",
		"   ":                       "",
		"https://":                  "",
		"https://cytu be":           "",
		"https://cytu.be:notaport/": "",
	} {
		u, err := siteURL(spelled)
		switch {
		case err != nil && want != "":
			t.Errorf("%q: %v", spelled, err)
		case err == nil && u.String() != want:
			t.Errorf("%q is %q, want %q", spelled, u, want)
		}
	}
}

func TestReadSocketConfig(t *testing.T) {
	const path = "/socket.io/?EIO=4&transport=websocket"
	tests := []struct {
		name      string
		status    int
		body      string
		want      string
		cause     Cause
		permanent bool
		says      string
	}{
		{"recorded", 200, `{"servers":[{"url":"http://127.0.0.1:1337","secure":false}]}`, "ws://127.0.0.1:1337" + path, "", false, ""},
		{"secure first", 200, `{"servers":[{"url":"http://a:1","secure":false},{"url":"https://b","secure":true}]}`, "wss://b" + path, "", false, ""},
		{"trailing slash", 200, `{"servers":[{"url":"https://b/","secure":true}]}`, "wss://b" + path, "", false, ""},
		{"bad entries", 200, `{"servers":[{"url":"javascript:x","secure":true},{"url":"","secure":true},{"url":"http://a"}]}`, "ws://a" + path, "", false, ""},
		{"credentials in it", 200, `{"servers":[{"url":"http://u:p@a"}]}`, "ws://a" + path, "", false, ""},
		{"invalid channel", 404, `{"error":"Channel \"bad name\" does not exist."}`, "", CauseOptions, true, "not valid"},
		{"no CyTube", 404, `<html>not found</html>`, "", CauseSite, false, "check the domain"},
		{"no JSON", 200, `<html>`, "", CauseSite, false, "check the domain"},
		{"wrong shape", 200, `{"servers":"x"}`, "", CauseSite, false, "check the domain"},
		{"no servers", 200, `{"servers":[]}`, "", CauseSite, false, "no usable server"},
		{"trouble", 500, `{"error":"oops"}`, "", CauseSite, false, "500"},
		{"bad gateway", 502, `<html>`, "", CauseSite, false, "502"},
		{"too large", 200, strings.Repeat(" ", maxSocketConfig) + `{}`, "", CauseSite, false, "check the domain"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, end := readSocketConfig("cytu.be", "room", test.status, []byte(test.body))
			if got != test.want {
				t.Errorf("server %q, want %q", got, test.want)
			}
			if test.want != "" {
				return
			}
			if end == nil || end.Cause != test.cause || end.Permanent != test.permanent || !strings.Contains(end.Error(), test.says) {
				t.Errorf("end %+v", end)
			}
		})
	}
}

func TestDialOptions(t *testing.T) {
	for name, opts := range map[string]Options{
		"channel":         {Domain: "localhost:1", Channel: "bad name"},
		"no channel":      {Domain: "localhost:1"},
		"domain":          {Domain: "", Channel: "room"},
		"proxy scheme":    {Domain: "localhost:1", Channel: "room", Proxy: "http://proxy"},
		"proxy unparsed":  {Domain: "localhost:1", Channel: "room", Proxy: "socks5://u:secret@ho st"},
		"proxy no host":   {Domain: "localhost:1", Channel: "room", Proxy: ":1080"},
		"domain unparsed": {Domain: "https://%zz", Channel: "room"},
	} {
		t.Run(name, func(t *testing.T) {
			end := refusedDial(t, opts)
			if end.Cause != CauseOptions || !end.Permanent || strings.Contains(end.Error(), "secret") {
				t.Errorf("end %v", end)
			}
		})
	}
}

func TestOptionsPrintNoSecret(t *testing.T) {
	opts := Options{Domain: "cytu.be", Channel: "room", ChannelPassword: "sesame", User: "rosey", Password: "sesame", Proxy: "u:sesame@p"}
	var logged strings.Builder
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("x", "opts", opts)
	for _, said := range []string{fmt.Sprint(opts), fmt.Sprintf("%+v %#v %q", opts, opts, opts), logged.String()} {
		if strings.Contains(said, "sesame") || !strings.Contains(said, "room") {
			t.Errorf("options print as %s", said)
		}
	}
}

func TestDialNobodyThere(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	end := refusedDial(t, Options{Domain: address, Channel: "room"})
	if end.Cause != CauseNetwork || end.Permanent || !strings.Contains(end.Reason, address) {
		t.Errorf("end %+v", end)
	}
}

func TestDialSiteThatStalls(t *testing.T) {
	stop := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-stop }))
	defer server.Close()
	defer close(stop)
	end := refusedDial(t, Options{Domain: server.URL, Channel: "room", Timeout: 50 * time.Millisecond})
	if end.Cause != CauseNetwork || end.Permanent {
		t.Errorf("end %+v", end)
	}
}

func TestRedirects(t *testing.T) {
	room := serve(t, false, func(p *peer) { p.join(); p.hold() })
	var target atomic.Value
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, target.Load().(string)+r.URL.Path, http.StatusMovedPermanently)
	}))
	defer front.Close()

	target.Store(room.URL)
	opts := room.options()
	opts.Domain = front.URL
	joined(t, dial(t, opts))

	target.Store(front.URL)
	if end := refusedDial(t, opts); end.Cause != CauseNetwork || !strings.Contains(end.Error(), "redirects") {
		t.Errorf("a loop gave %v", end)
	}
}

// trusting gives a client configuration that trusts s.
func trusting(s *httptest.Server) *tls.Config {
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return &tls.Config{RootCAs: roots}
}

func TestRedirectToPlainHTTPIsRefused(t *testing.T) {
	plainSite := serve(t, false, func(p *peer) { p.join(); p.hold() })
	front := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, plainSite.URL+r.URL.Path, http.StatusFound)
	}))
	defer front.Close()
	opts := plainSite.options()
	opts.Domain, opts.TLS = front.URL, trusting(front)
	if end := refusedDial(t, opts); !strings.Contains(end.Error(), "https to http") {
		t.Errorf("end %v", end)
	}
}

func TestTLS(t *testing.T) {
	s := serve(t, true, func(p *peer) { p.join(); p.hold() })
	opts := s.options()
	if end := refusedDial(t, opts); end.Cause != CauseNetwork || !strings.Contains(end.Reason, "certificate") {
		t.Errorf("an unknown authority gave %+v", end)
	}
	opts.TLS = trusting(s.Server)
	session := dial(t, opts)
	joined(t, session)
	if !strings.HasPrefix(session.Server(), "wss://") {
		t.Errorf("server %s", session.Server())
	}
}

// socks is a SOCKS5 proxy (RFC 1928, 1929) that counts its connections.
type socks struct {
	net.Listener
	user, password string
	connections    atomic.Int32
	hosts          sync.Map // names asked for
	to             string   // where every connection goes
	work           sync.WaitGroup
}

func startSOCKS(t *testing.T, user, password, to string) *socks {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &socks{Listener: listener, user: user, password: password, to: to}
	s.work.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.work.Go(func() {
				defer conn.Close()
				_ = s.relay(conn)
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		s.work.Wait()
	})
	return s
}

// relay handles one client; what goes wrong shows at the client's end.
func (s *socks) relay(conn net.Conn) error {
	head := make([]byte, 2)
	if _, err := io.ReadFull(conn, head); err != nil {
		return err
	}
	if _, err := io.ReadFull(conn, make([]byte, head[1])); err != nil {
		return err
	}
	if s.user == "" {
		conn.Write([]byte{5, 0})
	} else {
		conn.Write([]byte{5, 2})
		if err := s.authenticate(conn); err != nil {
			return err
		}
	}
	request := make([]byte, 5)
	if _, err := io.ReadFull(conn, request); err != nil {
		return err
	}
	if request[3] != 3 {
		return errors.New("not asked by name")
	}
	rest := make([]byte, int(request[4])+2)
	if _, err := io.ReadFull(conn, rest); err != nil {
		return err
	}
	host := string(rest[:request[4]])
	s.hosts.Store(net.JoinHostPort(host, strconv.Itoa(int(binary.BigEndian.Uint16(rest[request[4]:])))), true)
	upstream, err := net.Dial("tcp", s.to)
	if err != nil {
		return err
	}
	defer upstream.Close()
	s.connections.Add(1)
	conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	s.work.Go(func() {
		defer upstream.Close()
		defer conn.Close()
		_, _ = io.Copy(conn, upstream)
	})
	_, err = io.Copy(upstream, conn)
	return err
}

func (s *socks) authenticate(conn net.Conn) error {
	var got [2]string
	version := make([]byte, 1)
	if _, err := io.ReadFull(conn, version); err != nil {
		return err
	}
	for i := range got {
		length := make([]byte, 1)
		if _, err := io.ReadFull(conn, length); err != nil {
			return err
		}
		text := make([]byte, length[0])
		if _, err := io.ReadFull(conn, text); err != nil {
			return err
		}
		got[i] = string(text)
	}
	if got != [2]string{s.user, s.password} {
		conn.Write([]byte{1, 1})
		return errors.New("wrong password")
	}
	_, err := conn.Write([]byte{1, 0})
	return err
}

// TestProxy sends HTTP and websocket through a proxy that alone can resolve
// the site's name.
func TestProxy(t *testing.T) {
	script := func(p *peer) { p.join(); p.hold() }
	for _, auth := range []string{"", "me:secret@"} {
		t.Run("auth "+auth, func(t *testing.T) {
			s := serve(t, false, script)
			u, err := url.Parse(s.URL)
			if err != nil {
				t.Fatal(err)
			}
			user, password, _ := strings.Cut(strings.TrimSuffix(auth, "@"), ":")
			proxy := startSOCKS(t, user, password, u.Host)
			s.Server.URL = "http://nowhere.invalid:" + u.Port()
			opts := s.options()
			opts.Proxy = proxy.Addr().String()
			if auth != "" {
				opts.Proxy = fmt.Sprintf("socks5://%s%s", auth, proxy.Addr())
			}
			session := dial(t, opts)
			joined(t, session)
			if n := proxy.connections.Load(); n != 2 {
				t.Errorf("%d connections went through the proxy, want 2", n)
			}
			if _, ok := proxy.hosts.Load("nowhere.invalid:" + u.Port()); !ok {
				t.Error("the name was not resolved by the proxy")
			}
			session.Close()
		})
	}
}

// TestProxyThatIsNotThere sends nobody to check the site for what the proxy
// does not do.
func TestProxyThatIsNotThere(t *testing.T) {
	opts := Options{Domain: "http://127.0.0.1:1", Channel: "room", Proxy: "127.0.0.1:1", Timeout: patience}
	_, err := Dial(t.Context(), opts)
	var end *End
	if !errors.As(err, &end) || !strings.Contains(end.Reason, "through the proxy") || end.Permanent {
		t.Errorf("the end is %v", err)
	}
}

func TestEnvironmentProxyIsNotUsed(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("ALL_PROXY", "socks5://127.0.0.1:1")
	s := serve(t, false, func(p *peer) { p.join(); p.hold() })
	joined(t, dial(t, s.options()))
}
