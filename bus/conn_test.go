package bus_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

func TestConnectErrors(t *testing.T) {
	srv := startServer(t)
	host := strings.TrimPrefix(srv.URL(), "nats://")
	free := freeURL(t)
	cert, key := testCertificate(t)
	garbage := filepath.Join(t.TempDir(), "seed")
	if err := os.WriteFile(garbage, []byte("not a seed"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		nats config.NATS
		want error
		says string
	}{
		{"nobody there", config.NATS{URL: free}, bus.ErrUnreachable, "nats.url"},
		{"no such name", config.NATS{URL: "nats://ada:hunter2@rosey.invalid:4222"}, bus.ErrUnreachable, "rosey.invalid"},
		{"not NATS", config.NATS{URL: listen(t, "220 mail\r\n"), ConnectionTimeout: 20}, bus.ErrPortInUse, "not NATS"},
		{"silent", config.NATS{URL: listen(t, ""), ConnectionTimeout: 0.1}, bus.ErrUnreachable, "nats.url"},
		{"no address", config.NATS{URL: "nats://ada:hunter2@[::1"}, bus.ErrSettings, "nats.url"},
		{"wrong password", config.NATS{URL: srv.URL(), User: "bot", Password: "hunter2"}, bus.ErrAuth, "nats.password"},
		{"wrong password in the address", config.NATS{URL: "nats://bot:hunter2@" + host}, bus.ErrAuth, "nats.password"},
		{"wrong token", config.NATS{URL: srv.URL(), Token: "hunter2"}, bus.ErrAuth, "nats.token"},
		{"no TLS there", config.NATS{URL: srv.URL(), TLS: config.TLS{CA: cert}}, bus.ErrTLS, "nats.tls"},
		{"CA file missing", config.NATS{URL: srv.URL(), TLS: config.TLS{CA: "missing.pem"}}, bus.ErrSettings, "missing.pem of nats.tls.ca does not exist"},
		{"CA file of something else", config.NATS{URL: srv.URL(), TLS: config.TLS{CA: key}}, bus.ErrSettings, "nats.tls"},
		{"certificate without key", config.NATS{URL: srv.URL(), TLS: config.TLS{Cert: cert}}, bus.ErrSettings, "nats.tls.key"},
		{"certificate of something else", config.NATS{URL: srv.URL(), TLS: config.TLS{Cert: key, Key: key}}, bus.ErrSettings, "nats.tls"},
		{"creds file missing", config.NATS{URL: srv.URL(), Creds: "missing.creds"}, bus.ErrSettings, "missing.creds"},
		{"creds file of something else", config.NATS{URL: srv.URL(), Creds: garbage}, bus.ErrSettings, "nats.creds"},
		{"creds file that never ends", config.NATS{URL: srv.URL(), Creds: os.DevNull}, bus.ErrSettings, "a device"},
		{"nkey file of something else", config.NATS{URL: srv.URL(), NKey: garbage}, bus.ErrSettings, "nats.nkey"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := bus.Connect(testContext(t), bus.ConnectOptions{NATS: tt.nats, Role: bus.RoleBot, StateDir: srv.state})
			if err == nil {
				t.Error(c.Close(testContext(t)))
			}
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want %v that says %q", err, tt.want, tt.says)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}

// Where nothing is configured, what rosey looked for is named.
func TestRefusedGeneratedCredentialsAreNamed(t *testing.T) {
	srv, other := startServer(t), startServer(t)
	for state, says := range map[string]string{
		t.TempDir(): "there are none in ",
		other.state: "those in ",
	} {
		_, err := bus.Connect(testContext(t), bus.ConnectOptions{NATS: config.NATS{URL: srv.URL()}, Role: bus.RoleBot, StateDir: state})
		if !errors.Is(err, bus.ErrAuth) || !strings.Contains(err.Error(), says+filepath.Join(state, "nats", "bot.password")) || !strings.Contains(err.Error(), "XDG_STATE_HOME") {
			t.Errorf("got %v", err)
		}
	}
}

func TestConnectGivesUpWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := bus.Connect(ctx, bus.ConnectOptions{NATS: config.NATS{URL: freeURL(t)}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

// A pair made for this test.
const (
	nkeyPublic = "UBGIMDGGHPVQSMNVUPQLOLDOLMOP55BHCKRSNMSVB3Y67YZHIMBMYV5J"
	nkeySeed   = "SUAGXOSIZFQEVVJHMSY2E664VDBGGFBYCXM2G2YJ7JPPZ22SIA62D3LPFA"
)

// TestConnectTo connects to servers of one's own with each way of being let in.
func TestConnectTo(t *testing.T) {
	cert, key := testCertificate(t)
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pem, err := os.ReadFile(cert)
	if err != nil || !pool.AppendCertsFromPEM(pem) {
		t.Fatal("the test's certificate is no certificate", err)
	}
	nkey := filepath.Join(t.TempDir(), "user.nk")
	if err := os.WriteFile(nkey, []byte(nkeySeed), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		server server.Options
		nats   config.NATS
	}{
		{"open", server.Options{}, config.NATS{}},
		{"user", server.Options{Username: "ada", Password: "pw"}, config.NATS{User: "ada", Password: "pw"}},
		{"token", server.Options{Authorization: "pw"}, config.NATS{Token: "pw"}},
		{"nkey", server.Options{Nkeys: []*server.NkeyUser{{Nkey: nkeyPublic}}}, config.NATS{NKey: nkey}},
		{"TLS", server.Options{TLS: true, TLSConfig: &tls.Config{Certificates: []tls.Certificate{pair}}}, config.NATS{TLS: config.TLS{CA: cert}}},
		{
			"TLS both ways",
			server.Options{TLS: true, TLSVerify: true, TLSConfig: &tls.Config{
				Certificates: []tls.Certificate{pair}, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert,
			}},
			config.NATS{TLS: config.TLS{CA: cert, Cert: cert, Key: key}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.nats.URL = startNATS(t, &tt.server).ClientURL()
			c, err := bus.Connect(testContext(t), bus.ConnectOptions{NATS: tt.nats, Role: bus.RoleBot, StateDir: t.TempDir()})
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Close(testContext(t)); err != nil {
				t.Error(err)
			}
		})
	}
}

// startNATS runs a server of one's own.
func startNATS(t *testing.T, opts *server.Options) *server.Server {
	t.Helper()
	if opts.Host == "" {
		opts.Host, opts.Port = "127.0.0.1", server.RANDOM_PORT
	}
	opts.NoLog, opts.NoSigs = true, true
	ns, err := server.NewServer(opts)
	if err != nil {
		t.Fatal(err)
	}
	ns.Start()
	t.Cleanup(func() { ns.Shutdown(); ns.WaitForShutdown() })
	if !ns.ReadyForConnections(testTimeout) {
		t.Fatal("server is not ready")
	}
	return ns
}

// testCertificate makes a certificate for 127.0.0.1 that signs itself.
func testCertificate(t *testing.T) (certPath, keyPath string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "rosey test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	certPath, keyPath = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{
		certPath: {Type: "CERTIFICATE", Bytes: der}, keyPath: {Type: "PRIVATE KEY", Bytes: private},
	} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certPath, keyPath
}

// transitions collects a link's states.
type transitions struct {
	mu   sync.Mutex
	seen []bus.Link
}

func (tr *transitions) add(l bus.Link) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.seen = append(tr.seen, l)
}

func (tr *transitions) has(ok func(bus.Link) bool) bool {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return slices.ContainsFunc(tr.seen, ok)
}

func (tr *transitions) forget() {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.seen = nil
}

func is(s room.LinkState) func(bus.Link) bool {
	return func(l bus.Link) bool { return l.State == s }
}

func TestLinkFollowsTheServer(t *testing.T) {
	port := freePort(t)
	ns := startNATS(t, &server.Options{Host: "127.0.0.1", Port: port})
	var tr transitions
	c, err := bus.Connect(testContext(t), bus.ConnectOptions{
		NATS: config.NATS{URL: ns.ClientURL(), ReconnectDelay: 0.05}, Role: bus.RoleViewer, OnLink: tr.add,
	})
	if err != nil {
		t.Fatal(err)
	}
	if l := c.Link(); l.State != room.LinkUp || l.URL != ns.ClientURL() {
		t.Errorf("after connecting the link is %+v", l)
	}
	heard, stop := c.Links()
	defer stop()

	ns.Shutdown()
	ns.WaitForShutdown()
	eventually(t, "the loss is told with its reason and the next try", func() bool {
		return tr.has(func(l bus.Link) bool {
			return l.State == room.LinkDown && l.Reason != "" && l.Attempt > 0 && !l.RetryAt.IsZero()
		})
	})
	if l := <-heard; l.State != room.LinkDown {
		t.Errorf("a listener heard %+v first", l)
	}
	if _, err := bus.Request[bus.RoomsReply](testContext(t), c, bus.SubjectRooms, nil); !errors.Is(err, bus.ErrUnreachable) {
		t.Errorf("request while down: %v, want %v", err, bus.ErrUnreachable)
	}
	eventually(t, "further tries are counted", func() bool { return c.Link().Attempt > 2 })

	tr.forget()
	startNATS(t, &server.Options{Host: "127.0.0.1", Port: port})
	eventually(t, "the link is up again", func() bool { return c.Link().State == room.LinkUp && tr.has(is(room.LinkUp)) })
	if l := c.Link(); l.Attempt != 0 || l.Reason != "" || !l.RetryAt.IsZero() {
		t.Errorf("a link that is up says %+v", l)
	}
	if got := c.Stats().Reconnects; got != 1 {
		t.Errorf("%d reconnects, want 1", got)
	}

	tr.forget()
	if err := c.Close(testContext(t)); err != nil {
		t.Error(err)
	}
	if !tr.has(is(room.LinkStopped)) || tr.has(is(room.LinkDown)) || c.Link().State != room.LinkStopped {
		t.Errorf("told %+v, ended %+v", tr.seen, c.Link())
	}
	if err := c.Close(testContext(t)); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}

// TestLinkNoticesSilence has a peer that stays connected and says no more.
func TestLinkNoticesSilence(t *testing.T) {
	ns := startNATS(t, &server.Options{})
	url, hush := muffle(t, ns.Addr().String())
	c, err := bus.Connect(testContext(t), bus.ConnectOptions{NATS: config.NATS{URL: url}, Role: bus.RoleViewer})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(testContext(t))
	start := time.Now()
	hush()
	eventually(t, "the silence is noticed", func() bool { return c.Link().State != room.LinkUp })
	t.Logf("noticed after %v", time.Since(start))
}

// muffle forwards to address until hush is called, then swallows everything.
func muffle(t *testing.T, address string) (url string, hush func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	ctx, cancel := context.WithCancel(context.Background())
	muffled, hush := context.WithCancel(context.Background())
	pipe := func(to io.Writer, from io.Reader) {
		buf := make([]byte, 4096)
		for {
			n, err := from.Read(buf)
			if err != nil {
				return
			}
			if muffled.Err() == nil {
				if _, err := to.Write(buf[:n]); err != nil {
					return
				}
			}
		}
	}
	running.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", address)
			if err != nil {
				_ = in.Close()
				continue
			}
			running.Go(func() { pipe(out, in) })
			running.Go(func() { pipe(in, out) })
			running.Go(func() { <-ctx.Done(); _ = in.Close(); _ = out.Close() })
		}
	})
	t.Cleanup(func() { hush(); cancel(); _ = l.Close(); running.Wait() })
	return "nats://" + l.Addr().String(), hush
}

func TestConnectWaits(t *testing.T) {
	url := freeURL(t)
	state := t.TempDir()
	var tr transitions
	c, err := bus.Connect(testContext(t), bus.ConnectOptions{
		NATS: config.NATS{URL: url, ReconnectDelay: 0.05}, Role: bus.RoleViewer, StateDir: state, Wait: true, OnLink: tr.add,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(testContext(t))
	eventually(t, "the reason is told", func() bool {
		l := c.Link()
		return l.State != room.LinkUp && l.Reason != "" && l.Attempt > 1
	})
	sub, err := c.NC.SubscribeSync(bus.SubjectDBHealth)
	if err != nil {
		t.Fatal(err)
	}

	// The server makes its credentials only now.
	srv := startServer(t, func(o *bus.ServerOptions) { o.NATS.URL, o.StateDir = url, state })
	eventually(t, "the link is up", func() bool { return c.Link().State == room.LinkUp })
	if err := c.NC.Flush(); err != nil {
		t.Fatal(err)
	}
	db := srv.connect(t, bus.RoleDB)
	if err := db.NC.Publish(bus.SubjectDBHealth, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if _, err := sub.NextMsg(testTimeout); err != nil {
		t.Errorf("what was subscribed to before the link was up: %v", err)
	}
}

func TestConnectWaitsOutARefusal(t *testing.T) {
	srv := startServer(t)
	c, err := bus.Connect(testContext(t), bus.ConnectOptions{
		NATS: config.NATS{URL: srv.URL(), ReconnectDelay: 0.05, User: "viewer", Password: "wrong"}, Role: bus.RoleViewer, Wait: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(testContext(t))
	eventually(t, "the refusal is told and tried again", func() bool {
		l := c.Link()
		return l.Attempt > 3 && strings.Contains(l.Reason, "credentials")
	})
}

func TestSlowConsumerIsCounted(t *testing.T) {
	srv := startServer(t)
	bot, viewer := srv.connect(t, bus.RoleBot), srv.connect(t, bus.RoleViewer)
	sub, err := viewer.NC.ChanSubscribe(bus.PatternEvents, make(chan *nats.Msg, 1))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sub.Unsubscribe() }() // else draining waits for what nobody reads
	if err := viewer.NC.Flush(); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if err := bot.NC.Publish(bus.EventSubject("main", "message"), []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "the loss is counted", func() bool {
		s := viewer.Stats()
		return s.SlowConsumers > 0 && strings.Contains(s.LastError, "slow consumer")
	})
}
