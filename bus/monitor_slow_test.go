package bus_test

import (
	"bufio"
	"fmt"
	"net"
	"testing"

	"github.com/nats-io/nats-server/v2/server"

	"rosey/bus"
)

// rawSubscriber subscribes to every event and then reads nothing, as a program
// does that hangs.
func rawSubscriber(t *testing.T, ns *server.Server, name string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", ns.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	if _, err := r.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, `CONNECT {"verbose":false,"name":%q,"user":"viewer","pass":"secret-of-viewer"}`+"\r\nSUB %s 1\r\nPING\r\n", name, bus.PatternEvents)
	if line, err := r.ReadString('\n'); err != nil || line != "PONG\r\n" {
		t.Fatalf("the server says %q, %v", line, err)
	}
	return conn
}
