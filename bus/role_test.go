package bus_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rosey/bus"
	"rosey/config"
)

func TestTheConfigsUserSaysTheRole(t *testing.T) {
	for _, c := range []struct {
		nats config.NATS
		want bus.Role
	}{
		{config.NATS{URL: "nats://localhost"}, bus.RoleOperator},
		{config.NATS{URL: "nats://localhost", User: "viewer"}, bus.RoleViewer},
		{config.NATS{URL: "nats://viewer:x@localhost"}, bus.RoleViewer},
		{config.NATS{URL: "nats://viewer:x@localhost", User: "operator"}, bus.RoleOperator},
		{config.NATS{URL: "nats://localhost", User: "sam"}, bus.RoleOperator},
		{config.NATS{URL: "nats://localhost", User: "viewer", Creds: "x.creds"}, bus.RoleOperator},
	} {
		if got := bus.RoleOf(c.nats, bus.RoleOperator); got != c.want {
			t.Errorf("%+v: %s, want %s", c.nats, got, c.want)
		}
	}
}

// Credentials of another role than the connection's leave it deaf: requests
// must say so at once and not time out.
func TestForeignCredentialsAreSaid(t *testing.T) {
	srv := startServer(t)
	found, err := filepath.Glob(filepath.Join(srv.state, "*", "viewer*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("the viewer's password: %v, %v", found, err)
	}
	password, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	c := srv.connect(t, bus.RoleOperator, func(o *bus.ConnectOptions) {
		o.NATS.User, o.NATS.Password = "viewer", config.Secret(strings.TrimSpace(string(password)))
	})
	for range 2 {
		_, err = bus.Request[bus.RoomsReply](testContext(t), c, bus.SubjectRooms, struct{}{})
		if !errors.Is(err, bus.ErrNotAllowed) || errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("the request gives %v", err)
		}
	}
}
