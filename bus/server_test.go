package bus_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/nats-io/nats.go"

	"rosey/bus"
	"rosey/config"
)

func TestServerRefusesToStart(t *testing.T) {
	other := startServer(t)
	stranger := listen(t, "SSH-2.0-x\r\n")
	state := t.TempDir()
	if err := os.MkdirAll(filepath.Join(state, "nats"), 0o700); err != nil {
		t.Fatal(err)
	}
	locked := t.TempDir()
	startServer(t, func(o *bus.ServerOptions) { o.StoreDir = locked })

	password := func(content string, mode os.FileMode) string {
		state := t.TempDir()
		if err := os.MkdirAll(filepath.Join(state, "nats"), 0o700); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(state, "nats", "db.password")
		if err := os.WriteFile(path, []byte(content), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return state
	}
	for _, tt := range []struct {
		name   string
		change func(*bus.ServerOptions)
		want   error
		says   string
	}{
		{"not this machine", func(o *bus.ServerOptions) { o.NATS.URL = "nats://ada:hunter2@198.51.100.7:4222" }, bus.ErrSettings, "nats.embedded"},
		{"a name", func(o *bus.ServerOptions) { o.NATS.URL = "nats://nats.example.org" }, bus.ErrSettings, "localhost"},
		{"every address", func(o *bus.ServerOptions) { o.NATS.URL = "nats://0.0.0.0:4222" }, bus.ErrSettings, "localhost"},
		{"no address", func(o *bus.ServerOptions) { o.NATS.URL = "nats://ada:hunter2@[::1" }, bus.ErrSettings, "nats.url"},
		{"TLS", func(o *bus.ServerOptions) { o.NATS.TLS.CA = "ca.pem" }, bus.ErrSettings, "nats.tls"},
		{"sync", func(o *bus.ServerOptions) { o.NATS.Sync = "sometimes" }, bus.ErrSettings, "nats.sync"},
		{"NATS there", func(o *bus.ServerOptions) { o.NATS.URL = other.URL() }, bus.ErrServerRunning, "nats.embedded"},
		{"something else there", func(o *bus.ServerOptions) { o.NATS.URL = stranger }, bus.ErrPortInUse, "another port"},
		{"store in use", func(o *bus.ServerOptions) { o.StoreDir = locked }, bus.ErrStoreLocked, "nats.store_dir"},
		{"damaged password", func(o *bus.ServerOptions) { o.StateDir = password("short\n", 0o600) }, bus.ErrSettings, "delete the file"},
		{"password for all to read", func(o *bus.ServerOptions) { o.StateDir = password(strings.Repeat("x", 26), 0o644) }, bus.ErrSettings, "delete the file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if runtime.GOOS == "windows" && strings.Contains(tt.name, "for all to read") {
				t.Skip("file modes say nothing there")
			}
			opts := bus.ServerOptions{NATS: config.NATS{URL: "nats://127.0.0.1:0"}, StateDir: t.TempDir(), StoreDir: t.TempDir()}
			tt.change(&opts)
			srv, err := bus.StartServer(testContext(t), opts)
			if err == nil {
				t.Error(srv.Shutdown(testContext(t)))
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

func TestNeedServer(t *testing.T) {
	running := startServer(t).URL()
	stranger, silent := listen(t, "220 mail\r\n"), listen(t, "")
	free := freeURL(t)
	for _, tt := range []struct {
		name string
		nats config.NATS
		want bool
		err  error
	}{
		{"auto, nothing there", config.NATS{URL: free, Embedded: config.EmbeddedAuto}, true, nil},
		{"unset is auto", config.NATS{URL: free}, true, nil},
		{"auto, NATS there", config.NATS{URL: running, Embedded: config.EmbeddedAuto}, false, nil},
		{"auto, stranger there", config.NATS{URL: stranger, Embedded: config.EmbeddedAuto}, false, bus.ErrPortInUse},
		{"auto, silent stranger", config.NATS{URL: silent, Embedded: config.EmbeddedAuto}, false, bus.ErrPortInUse},
		{"auto, elsewhere", config.NATS{URL: "nats://198.51.100.7:4222", Embedded: config.EmbeddedAuto}, false, nil},
		{"auto, a cluster", config.NATS{URL: "nats://localhost:1,nats://localhost:2", Embedded: config.EmbeddedAuto}, false, nil},
		{"auto, TLS", config.NATS{URL: free, Embedded: config.EmbeddedAuto, TLS: config.TLS{CA: "ca.pem"}}, false, nil},
		{"true, nothing there", config.NATS{URL: free, Embedded: config.EmbeddedYes}, true, nil},
		{"true, NATS there", config.NATS{URL: running, Embedded: config.EmbeddedYes}, false, bus.ErrServerRunning},
		{"false, nothing there", config.NATS{URL: free, Embedded: config.EmbeddedNo}, false, nil},
		{"no address", config.NATS{URL: "nats://:4222"}, false, bus.ErrSettings},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := bus.NeedServer(testContext(t), tt.nats)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("got %v, %v, want %v, %v", got, err, tt.want, tt.err)
			}
		})
	}
}

// listen greets everyone who connects, like a server that is not NATS.
func listen(t *testing.T, greeting string) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var held sync.WaitGroup
	done := make(chan struct{})
	held.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			held.Go(func() {
				defer c.Close()
				if _, err := c.Write([]byte(greeting)); err != nil {
					return
				}
				<-done
			})
		}
	})
	t.Cleanup(func() { close(done); _ = l.Close(); held.Wait() })
	return "nats://" + l.Addr().String()
}

// freeURL is an address at which nobody listens.
func freeURL(t *testing.T) string {
	t.Helper()
	return fmt.Sprintf("nats://127.0.0.1:%d", freePort(t))
}

// freePort is a port on which nobody listens. It lies below those that systems
// give out of themselves, so that nobody else gets it meanwhile.
func freePort(t *testing.T) int {
	t.Helper()
	for range 100 {
		port := 10_000 + rand.IntN(20_000)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		return port
	}
	t.Fatal("no port is free")
	return 0
}

func TestCredentials(t *testing.T) {
	state := t.TempDir()
	first := startServer(t, func(o *bus.ServerOptions) { o.StateDir = state })
	passwords := map[string]bus.Role{}
	for _, role := range bus.Roles() {
		p := readPassword(t, state, role)
		if owner, taken := passwords[p]; taken {
			t.Errorf("%s and %s have one password", role, owner)
		}
		passwords[p] = role
		info, err := os.Stat(filepath.Join(state, "nats", string(role)+".password"))
		if err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, want 0600", role, info.Mode().Perm())
		}
	}
	if info, err := os.Stat(filepath.Join(state, "nats")); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
		t.Errorf("folder: %v, %v, want 0700", info.Mode().Perm(), err)
	}
	second := startServer(t, func(o *bus.ServerOptions) { o.StateDir = state })
	for p, role := range passwords {
		for _, srv := range []testServer{first, second} {
			nc, err := nats.Connect(srv.URL(), nats.UserInfo(string(role), p), nats.Timeout(testTimeout))
			if err != nil {
				t.Errorf("%s: %v", role, err)
				continue
			}
			nc.Close()
		}
	}
	for _, who := range []nats.Option{nats.Name("nobody"), nats.UserInfo("bot", "wrong"), nats.UserInfo("admin", readPassword(t, state, bus.RoleViewer))} {
		if nc, err := nats.Connect(first.URL(), who, nats.Timeout(testTimeout)); !errors.Is(err, nats.ErrAuthorization) {
			t.Errorf("got %v, %v, want %v", nc, err, nats.ErrAuthorization)
		}
	}
}

// TestCredentialsRace starts many servers at once over one state folder.
func TestCredentialsRace(t *testing.T) {
	state := t.TempDir()
	stores := [8]string{}
	for i := range stores {
		stores[i] = t.TempDir()
	}
	var all sync.WaitGroup
	for _, store := range stores {
		all.Go(func() {
			srv, err := bus.StartServer(t.Context(), bus.ServerOptions{
				NATS: config.NATS{URL: "nats://127.0.0.1:0"}, StateDir: state, StoreDir: store,
			})
			if err != nil {
				t.Error(err)
				return
			}
			c, err := bus.Connect(t.Context(), bus.ConnectOptions{NATS: config.NATS{URL: srv.URL()}, Role: bus.RoleBot, StateDir: state})
			if err == nil {
				err = c.Close(t.Context())
			}
			if err := errors.Join(err, srv.Shutdown(t.Context())); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	files, err := os.ReadDir(filepath.Join(state, "nats"))
	if err != nil || len(files) != len(bus.Roles()) {
		t.Errorf("%d files lie there, want %d: %v", len(files), len(bus.Roles()), err)
	}
}

func TestServerInProcess(t *testing.T) {
	srv := startServer(t, func(o *bus.ServerOptions) {
		*o = bus.ServerOptions{InProcess: true, StateDir: filepath.Join(t.TempDir(), "untouched")}
	})
	c := srv.connect(t, bus.RoleBot, func(o *bus.ConnectOptions) { o.Server = srv.Server })
	if err := bus.EnsureEvents(testContext(t), c, config.Events{}); err != nil {
		t.Fatal(err)
	}
	if got := c.Link().URL; got != "in process" {
		t.Errorf("link's URL is %q", got)
	}
	if _, err := c.RTT(testContext(t)); err != nil {
		t.Error(err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := c.RTT(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("a round trip whose context has ended: %v", err)
	}
}
