package bus_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"rosey/bus"
	"rosey/config"
)

func connNamed(r bus.NATSReport, name string) (bus.NATSConn, bool) {
	i := slices.IndexFunc(r.Conns, func(c bus.NATSConn) bool { return c.Name == name })
	if i < 0 {
		return bus.NATSConn{}, false
	}
	return r.Conns[i], true
}

func streamNamed(r bus.NATSReport, name string) (bus.NATSStream, bool) {
	i := slices.IndexFunc(r.Streams, func(s bus.NATSStream) bool { return s.Name == name })
	if i < 0 {
		return bus.NATSStream{}, false
	}
	return r.Streams[i], true
}

// A viewer asks the embedded server: everything is known, nobody's address is.
func TestAskEmbeddedServer(t *testing.T) {
	srv := startServer(t)
	bot := srv.connect(t, bus.RoleBot)
	viewer := srv.connect(t, bus.RoleViewer)
	for range 10 {
		if err := bot.NC.Publish(bus.EventSubject("main", "message"), []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	if err := bot.NC.Flush(); err != nil {
		t.Fatal(err)
	}
	var r bus.NATSReport
	eventually(t, "the stream has what was said", func() bool {
		r = bus.AskNATS(testContext(t), viewer, bus.NATSQuery{Sort: bus.SortMsgsFrom})
		s, _ := streamNamed(r, bus.StreamEvents)
		return s.Messages == 10
	})
	if r.Source != bus.ReportEmbedded || len(r.Missing) > 0 || len(r.Servers) != 1 {
		t.Fatalf("report from %q, %d servers, missing %q", r.Source, len(r.Servers), r.Missing)
	}
	if s := r.Servers[0]; s.Version != server.VERSION || s.Mem == 0 || s.Started == 0 || s.MsgsIn < 10 || !s.JetStream {
		t.Errorf("server: %+v", s)
	}
	c, ok := connNamed(r, "test-bot")
	if !ok || c.User != "bot" || c.MsgsFrom < 10 || c.Host != "127.0.0.1" || c.Lang != "go" {
		t.Errorf("bot's connection: %+v, %v", c, ok)
	}
	if !slices.IsSortedFunc(r.Conns, func(a, b bus.NATSConn) int { return int(b.MsgsFrom) - int(a.MsgsFrom) }) {
		t.Error("connections are not in the order that was asked for")
	}
	if _, ok := streamNamed(r, bus.StreamWrites); !ok {
		t.Error("the stream of writes is not there")
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range bus.Roles() {
		if strings.Contains(string(text), readPassword(t, srv.state, role)) {
			t.Errorf("the report tells the password of %s", role)
		}
	}
}

// Of many connections the report names as many as were asked for, and how many
// there are.
func TestAskServerOfManyConnections(t *testing.T) {
	srv := startServer(t)
	password := readPassword(t, srv.state, bus.RoleViewer)
	for i := range 40 {
		nc, err := nats.Connect(srv.URL(), nats.UserInfo("viewer", password), nats.Name(fmt.Sprintf("crowd-%d", i)), nats.Timeout(testTimeout))
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
	}
	r := bus.AskNATS(testContext(t), srv.connect(t, bus.RoleOperator), bus.NATSQuery{Sort: bus.SortCID, Limit: 7})
	if len(r.Conns) != 7 || r.ConnTotal < 41 {
		t.Errorf("%d connections of %d", len(r.Conns), r.ConnTotal)
	}
	if !slices.IsSortedFunc(r.Conns, func(a, b bus.NATSConn) int { return int(a.CID) - int(b.CID) }) {
		t.Error("not in order of cid")
	}
}

// The server cuts a connection that takes nothing: it is named. In an account
// of its own, that is: in the global one a server forgets whose it was.
func TestSlowConsumerIsNamed(t *testing.T) {
	ns := ownServers(t, 1, func(o *server.Options) { o.MaxPayload, o.MaxPending = 1<<20, 1<<20; o.WriteDeadline = 1e8 }, `
accounts { ROSEY: { jetstream: enabled, users: [
  {user: db, password: secret-of-db}, {user: viewer, password: secret-of-viewer}, {user: bot, password: secret-of-bot}
] } }
`)[0]
	slow := rawSubscriber(t, ns, "sleepy")
	defer slow.Close()
	db := ownConnect(t, ns, bus.RoleDB)
	lookAt(t, db, config.NATS{})
	bot, viewer := ownConnect(t, ns, bus.RoleBot), ownConnect(t, ns, bus.RoleViewer)
	load := make([]byte, 64<<10)
	eventually(t, "the slow one is named", func() bool {
		for range 64 {
			_ = bot.NC.Publish(bus.EventSubject("main", "message"), load) // what is said does not matter
		}
		r := bus.AskNATS(testContext(t), viewer, bus.NATSQuery{})
		return slices.ContainsFunc(r.Slow, func(c bus.SlowConn) bool {
			return c.Name == "sleepy" && strings.HasPrefix(c.Reason, "Slow Consumer")
		})
	})
}

// A server of somebody's own, with the rights that rosey prints: the account's
// own figures are there, and what is not is said.
func TestLookAtOwnServer(t *testing.T) {
	ns := ownServers(t, 1, nil)[0]
	db, viewer := ownConnect(t, ns, bus.RoleDB), ownConnect(t, ns, bus.RoleViewer)
	r := bus.AskNATS(testContext(t), viewer, bus.NATSQuery{})
	if len(r.Missing) != 1 || !strings.Contains(r.Missing[0], "no database service") {
		t.Fatalf("without a service: %q", r.Missing)
	}
	ready(t, db)
	lookAt(t, db, config.NATS{})
	r = bus.AskNATS(testContext(t), viewer, bus.NATSQuery{})
	checkOwn(t, r, 1)
	if !slices.ContainsFunc(r.Missing, func(m string) bool {
		return strings.Contains(m, "CPU") && strings.Contains(m, "$SYS.REQ.SERVER.PING.VARZ") && strings.Contains(m, "nats.monitor_url")
	}) {
		t.Errorf("missing: %q", r.Missing)
	}
}

// A cluster of three: connections to all of them are one list.
func TestLookAtCluster(t *testing.T) {
	servers := ownServers(t, 3, nil)
	db := ownConnect(t, servers[0], bus.RoleDB)
	ready(t, db)
	lookAt(t, db, config.NATS{})
	viewer := ownConnect(t, servers[2], bus.RoleViewer)
	ownConnect(t, servers[1], bus.RoleBot)
	var r bus.NATSReport
	eventually(t, "all three servers answer", func() bool {
		r = bus.AskNATS(testContext(t), viewer, bus.NATSQuery{Sort: bus.SortCID})
		return len(r.Servers) == 3 && len(r.Conns) >= 3
	})
	checkOwn(t, r, 3)
	from := map[string]string{}
	for _, c := range r.Conns {
		from[c.Name] = c.Server
	}
	if from["own-db"] == from["own-viewer"] || from["own-bot"] == from["own-db"] {
		t.Errorf("connections by server: %v", from)
	}
}

// The account may use the system account's services: then all is known.
func TestLookWithSystemServices(t *testing.T) {
	ns := ownServers(t, 1, nil, `
accounts {
  SYS: { users: [{user: sys, password: sys}], exports: [{service: "$SYS.REQ.SERVER.PING.*", response_type: stream}] }
  ROSEY: {
    jetstream: enabled
    imports: [
      {service: {account: SYS, subject: "$SYS.REQ.SERVER.PING.VARZ"}}
      {service: {account: SYS, subject: "$SYS.REQ.SERVER.PING.JSZ"}}
    ]
    users: [{user: db, password: secret-of-db}, {user: viewer, password: secret-of-viewer}]
  }
}
system_account: SYS
`)[0]
	db := ownConnect(t, ns, bus.RoleDB)
	ready(t, db)
	lookAt(t, db, config.NATS{})
	r := bus.AskNATS(testContext(t), ownConnect(t, ns, bus.RoleViewer), bus.NATSQuery{})
	checkOwn(t, r, 1)
	if r.Source != bus.ReportSystem || len(r.Missing) > 0 || r.Servers[0].Mem == 0 {
		t.Errorf("from %q, missing %q, server %+v", r.Source, r.Missing, r.Servers[0])
	}
}

// The monitoring endpoint tells all; when it is wrong, the account's own
// figures stand in and the reason is said.
func TestLookAtEndpoint(t *testing.T) {
	ns := ownServers(t, 1, func(o *server.Options) { o.HTTPHost, o.HTTPPort = "127.0.0.1", -1 })[0]
	viewer := ownConnect(t, ns, bus.RoleViewer)
	db := ownConnect(t, ns, bus.RoleDB)
	ready(t, db)
	lookAt(t, db, config.NATS{MonitorURL: "http://" + ns.MonitorAddr().String()})
	r := bus.AskNATS(testContext(t), viewer, bus.NATSQuery{})
	checkOwn(t, r, 1)
	if r.Source != bus.ReportEndpoint || len(r.Missing) > 0 || r.Servers[0].Mem == 0 {
		t.Errorf("from %q, missing %q, server %+v", r.Source, r.Missing, r.Servers[0])
	}

	other := ownServers(t, 1, nil)[0]
	db = ownConnect(t, other, bus.RoleDB)
	lookAt(t, db, config.NATS{MonitorURL: "http://" + other.Addr().String()})
	r = bus.AskNATS(testContext(t), ownConnect(t, other, bus.RoleViewer), bus.NATSQuery{})
	if r.Source != bus.ReportAccount || !slices.ContainsFunc(r.Missing, func(m string) bool { return strings.Contains(m, "correct nats.monitor_url") }) {
		t.Errorf("with a wrong endpoint: from %q, missing %q", r.Source, r.Missing)
	}
}

// checkOwn holds what every report of a server with our streams has.
func checkOwn(t *testing.T, r bus.NATSReport, servers int) {
	t.Helper()
	if r.Error != "" || len(r.Servers) != servers {
		t.Fatalf("error %q, %d servers, missing %q", r.Error, len(r.Servers), r.Missing)
	}
	for _, s := range r.Servers {
		if s.Version != server.VERSION || s.Name == "" {
			t.Errorf("server: %+v", s)
		}
	}
	if c, ok := connNamed(r, "own-db"); !ok || c.User != "db" || c.Host != "127.0.0.1" {
		t.Errorf("database's connection: %+v, %v", c, ok)
	}
	if s, ok := streamNamed(r, bus.StreamWrites); !ok || s.MaxAge == 0 {
		t.Errorf("stream of writes: %+v, %v", s, ok)
	}
}

// ready makes the streams of writes and events.
func ready(t *testing.T, db *bus.Conn) {
	t.Helper()
	var err error
	eventually(t, "the stream of writes can be made", func() bool { // a cluster first elects its leader
		err = bus.EnsureWrites(testContext(t), db, config.Events{})
		return err == nil
	})
}

// lookAt starts the service that looks at a server and waits until the server
// knows of it: a question asked before that finds nobody.
func lookAt(t *testing.T, db *bus.Conn, n config.NATS) {
	t.Helper()
	if err := bus.LookAtNATS(db, n); err != nil {
		t.Fatal(err)
	}
	if err := db.NC.Flush(); err != nil {
		t.Fatal(err)
	}
}

// ownServers starts n NATS servers as somebody would run them, clustered when
// there are several, with the rights that rosey prints or another block.
func ownServers(t *testing.T, n int, change func(*server.Options), block ...string) []*server.Server {
	t.Helper()
	for _, r := range bus.Roles() {
		t.Setenv("ROSEY_"+strings.ToUpper(string(r))+"_PASSWORD", "secret-of-"+string(r))
	}
	path := filepath.Join(t.TempDir(), "nats.conf")
	conf := "listen: \"127.0.0.1:-1\"\nmax_payload: 8MB\n" + strings.Join(append(block, ""), "\n")
	if len(block) == 0 {
		conf += bus.PermissionsBlock()
	}
	if err := os.WriteFile(path, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	routes := make([]int, n) // JetStream wants them known from the start
	urls := make([]string, n)
	for i := range routes {
		routes[i] = freePort(t)
		urls[i] = fmt.Sprintf("nats://127.0.0.1:%d", routes[i])
	}
	var servers []*server.Server
	for i := range n {
		o, err := server.ProcessConfigFile(path)
		if err != nil {
			t.Fatal(err)
		}
		o.ServerName, o.NoLog, o.NoSigs = fmt.Sprintf("own-%d", i), true, true
		o.JetStream, o.StoreDir = true, t.TempDir()
		if n > 1 {
			o.Cluster = server.ClusterOpts{Name: "own", Host: "127.0.0.1", Port: routes[i]}
			o.Routes = server.RoutesFromStr(strings.Join(urls, ","))
		}
		if change != nil {
			change(o)
		}
		ns, err := server.NewServer(o)
		if err != nil {
			t.Fatal(err)
		}
		ns.Start()
		t.Cleanup(func() { ns.Shutdown(); ns.WaitForShutdown() })
		if !ns.ReadyForConnections(testTimeout) {
			t.Fatal("server is not ready")
		}
		servers = append(servers, ns)
	}
	return servers
}

func ownConnect(t *testing.T, ns *server.Server, role bus.Role) *bus.Conn {
	t.Helper()
	c, err := bus.Connect(testContext(t), bus.ConnectOptions{
		NATS: config.NATS{URL: ns.ClientURL(), User: string(role), Password: config.Secret("secret-of-" + string(role))},
		Role: role, Name: "own-" + string(role),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.NC.Close() })
	return c
}
