package migrate

import (
	"context"
	"testing"

	"rosey/bus"
	"rosey/config"
)

// When Verify has ended nothing of it listens any more: whoever waited for it
// may close the connection.
func TestVerifyLeavesNothingListening(t *testing.T) {
	dir := t.TempDir()
	n := config.Default().NATS
	server, err := bus.StartServer(t.Context(), bus.ServerOptions{NATS: n, StateDir: dir, StoreDir: t.TempDir(), InProcess: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Shutdown(context.Background()) }()
	conn, err := bus.Connect(t.Context(), bus.ConnectOptions{NATS: n, Role: bus.RoleOperator, Name: "test", Server: server, StateDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	before := conn.NC.NumSubscriptions()
	for range 3 {
		ctx, stop := context.WithCancel(t.Context())
		lists := Verify(ctx, VerifyOptions{Conn: conn, Room: "den", StateDir: dir})
		<-lists
		stop()
		for range lists {
		}
		if now := conn.NC.NumSubscriptions(); now > before+1 { // and the one for answers, which stays
			t.Fatalf("%d subscriptions are left of %d", now, before)
		}
	}
}
