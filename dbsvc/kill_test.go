package dbsvc_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"rosey/bus"
	"rosey/config"
	"rosey/dbsvc"
)

// The test binary is also the service that gets killed: a process of its own.
const (
	envURL   = "ROSEY_TEST_DB_URL"
	envState = "ROSEY_TEST_DB_STATE"
	envPath  = "ROSEY_TEST_DB_PATH"
)

func TestMain(m *testing.M) {
	if os.Getenv(envURL) != "" {
		if err := serveUntilKilled(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serveUntilKilled ends by itself only with the test, which holds its stdin.
func serveUntilKilled() error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	conn, err := bus.Connect(ctx, bus.ConnectOptions{
		NATS: config.NATS{URL: os.Getenv(envURL)}, Role: bus.RoleDB, Name: "rosey-db", StateDir: os.Getenv(envState),
	})
	if err != nil {
		return err
	}
	if _, err := dbsvc.Start(ctx, dbsvc.Options{Conn: conn, Database: configOf(os.Getenv(envPath))}); err != nil {
		return err
	}
	fmt.Println("ready")
	<-ctx.Done()
	return ctx.Err()
}

// startProcess runs the service and waits until it serves.
func startProcess(t *testing.T, srv *nats, path string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), envURL+"="+srv.config.URL, envState+"="+srv.state, envPath+"="+path)
	cmd.Stderr = t.Output()
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("service said %q, %v", line, err)
	}
	return cmd
}

// TestKill kills the service with SIGKILL while it writes, again and again.
func TestKill(t *testing.T) {
	const kills, between = 4, 5000
	srv := startNATS(t, "2m")
	path := dbPath(t)
	bot := srv.connect(t, bus.RoleBot)

	service := startProcess(t, srv, path)
	lines := make(chan struct{})
	published := make(chan error, 1)
	go func() { // lines come all the time, also while nobody stores them
		for i := range kills * between {
			payload := fmt.Sprintf(`{"username":"user%d","message":"line %d"}`, i%7, i)
			if _, err := bot.JS.PublishAsync(bus.SubjectMessageLog, []byte(payload), jetstream.WithStallWait(testTimeout)); err != nil {
				published <- err
				return
			}
			if i%between == between/2 {
				select {
				case lines <- struct{}{}:
				case <-t.Context().Done():
					return
				}
			}
		}
		<-bot.JS.PublishAsyncComplete()
		published <- nil
	}()
	for range kills {
		select {
		case <-lines:
		case err := <-published:
			t.Fatal("publishing ended early: ", err)
		}
		if err := service.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = service.Wait() // it was killed
		service = startProcess(t, srv, path)
	}
	if err := <-published; err != nil {
		t.Fatal(err)
	}
	_ = service.Process.Kill()
	_ = service.Wait()

	s := srv.serve(t, path)
	applied(t, bot, s)
	expectLines(t, path, kills*between)
}
