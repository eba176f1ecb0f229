package tui

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"rosey/bus"
	"rosey/config"
)

func TestProbesSayWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	n := config.Default().NATS
	n.URL = "nats://127.0.0.1:0"
	server, err := bus.StartServer(t.Context(), bus.ServerOptions{NATS: n, StateDir: dir, StoreDir: filepath.Join(dir, "js")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Shutdown(context.WithoutCancel(t.Context())) })
	n.URL, n.Embedded = server.URL(), config.EmbeddedNo
	if p := probeNATS(t.Context(), n, dir, dir); p.mood != probeGood || !strings.Contains(p.text, "with JetStream") {
		t.Errorf("a server that answers: %+v", p)
	}
	wrong := n
	wrong.User, wrong.Password = "operator", "not its password"
	if p := probeNATS(t.Context(), wrong, dir, dir); p.mood != probeBad || !strings.Contains(p.text, "refused the credentials") {
		t.Errorf("wrong credentials: %+v", p)
	}
	wrong = n
	wrong.TLS.CA = "ca.pem"
	if p := probeNATS(t.Context(), wrong, dir, dir); p.mood != probeBad || !strings.Contains(p.text, filepath.Join(dir, "ca.pem")) {
		t.Errorf("a missing authority: %+v", p)
	}
	wrong = n
	wrong.URL = "nats://127.0.0.1:1"
	if p := probeNATS(t.Context(), wrong, dir, dir); p.mood != probeBad || !strings.Contains(p.text, "no NATS server answers") {
		t.Errorf("nobody there: %+v", p)
	}
	wrong = n
	wrong.User, wrong.PasswordFile = "operator", "nats.password"
	if p := probeNATS(t.Context(), wrong, dir, dir); p.mood != probeBad || !strings.Contains(p.text, "read the password file") {
		t.Errorf("a missing password file: %+v", p)
	}
	if err := os.Link(filepath.Join(dir, "nats", "operator.password"), filepath.Join(dir, "nats.password")); err != nil {
		t.Fatal(err)
	}
	if p := probeNATS(t.Context(), wrong, dir, dir); p.mood != probeGood {
		t.Errorf("a password file beside the config: %+v", p)
	}
	wrong = n
	wrong.NKey = "user.nk"
	if p := probeNATS(t.Context(), wrong, dir, dir); p.mood != probeBad || !strings.Contains(p.text, filepath.Join(dir, "user.nk")) {
		t.Errorf("a missing nkey: %+v", p)
	}
}

// Where rosey is to listen by itself: nobody is there, a rosey is, another
// server is, or something else.
func TestProbesSayWhetherRoseyCanListen(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_DATA_HOME", dir)
	listen := func() net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		return l
	}
	n := config.Default().NATS
	n.URL = "nats://127.0.0.1:0"
	own, err := bus.StartServer(t.Context(), bus.ServerOptions{NATS: n, StateDir: dir, StoreDir: filepath.Join(dir, "js")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = own.Shutdown(context.WithoutCancel(t.Context())) })
	other, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, ServerName: "somebody"})
	if err != nil {
		t.Fatal(err)
	}
	other.Start()
	t.Cleanup(other.Shutdown)
	if !other.ReadyForConnections(10 * time.Second) {
		t.Fatal("the other server does not start")
	}
	http := listen()
	go func() { // something that talks, and not NATS; ends with the listener
		for {
			c, err := http.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("220 mail\r\n"))
			_ = c.Close()
		}
	}()
	free := listen()
	_ = free.Close()
	for _, test := range []struct {
		address, want string
		mood          probeMood
	}{
		{"nats://" + free.Addr().String(), "rosey starts its own there", probeGood},
		{own.URL(), "a rosey that runs has its server there", probeGood},
		{other.ClientURL(), "another NATS server is there", probeNote},
		{"nats://" + http.Addr().String(), "something that is not NATS answers", probeBad},
		{"nats://10.0.0.1:4222", "listens on this machine only", probeBad},
		{"nats://localhost", "a port", probeBad},
		{"nats://:4222", "a port", probeBad},
		{"nats://localhost:0", "a port", probeBad},
		{"nats://localhost:99999", "a port", probeBad},
		{"nats://op:pw@localhost:4222", "a port", probeBad},
	} {
		n.URL = test.address
		if p := probeNATS(t.Context(), n, dir, dir); p.mood != test.mood || !strings.Contains(p.text, test.want) || strings.Contains(p.text, "op:pw") {
			t.Errorf("%s: %+v, want %q", test.address, p, test.want)
		}
	}
	n.URL, n.StoreDir = "nats://"+free.Addr().String(), filepath.Join(dir, "js")
	if p := probeNATS(t.Context(), n, dir, dir); p.mood != probeBad || !strings.Contains(p.text, "another rosey process uses the NATS store") {
		t.Errorf("a store in use: %+v", p)
	}
}

// A database that lies beside the config is written with its whole path, chosen
// or not, and the steps say so.
func TestWizardWritesTheWholePathOfADatabaseBesideTheConfig(t *testing.T) {
	x := newWizardTest(t, 120, 50, wizardV1)
	if err := os.Mkdir("old", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"config.json", "bot_data.db"} {
		if err := os.Rename(name, filepath.Join("old", name)); err != nil {
			t.Fatal(err)
		}
	}
	x.write("old/other.db", "another database")
	x = x.again("old/config.json")
	x.toStep(wizardKeys)
	shows(t, x.model, "so that the bot opens this one")
	x.keys("enter")
	shows(t, x.model, "/old/bot_data.db")
	x.keys("tab", "tab", "ctrl+u")
	typeText(x.model, "other.db")
	x.keys("tab")
	shows(t, x.model, "it lies beside the config, so")
	x.toStep(wizardStart)
	cfg, _, err := config.Load(t.Context(), "old/config.json")
	if err != nil {
		t.Fatal(err)
	}
	whole, err := filepath.Abs("old/other.db")
	if err != nil || cfg.Database.Path != whole {
		t.Errorf("the result opens %s, want %s (%v)", cfg.Database.Path, whole, err)
	}
}
