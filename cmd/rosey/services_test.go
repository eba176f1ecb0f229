package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"rosey/bus"
)

func TestRunPrintsWhatOperatorsKnow(t *testing.T) {
	h, site := newHome(t), newSite(t)
	address := freeAddress(t)
	h.writeConfig(t, site, address)
	p := h.start(t, "run")
	p.waitFor("[*] Starting bot...")
	want := []string{
		"[*] Connecting to NATS: nats://" + address,
		"[+] Connected to NATS: nats://" + address,
		"[*] Starting DatabaseService: ",
		"[+] DatabaseService started (listening on NATS)",
		"[*] Creating bot for ",
		"[+] Bot created with NATS integration",
		"[+] PM command shell enabled",
		"[*] Starting bot...",
	}
	lines := strings.Split(strings.TrimSpace(p.stdout()), "\n")
	if !slices.EqualFunc(lines, want, strings.HasPrefix) {
		t.Errorf("run printed\n%s", p.stdout())
	}
	site.waitForBot()
	if code := p.stop(); code != 0 {
		t.Errorf("exit code %d after SIGTERM", code)
	}
	for _, want := range []string{`msg=stopping reason="signal: terminated"`, "msg=stopped took=", "unsent=0 unstored=0"} {
		if !strings.Contains(p.stderr(), want) {
			t.Errorf("the log does not say %q:\n%s", want, p.stderr())
		}
	}
}

// TestStoredChatSurvives follows a line from the room to the file and the
// commands that read it.
func TestStoredChatSurvives(t *testing.T) {
	h, site := newHome(t), newSite(t)
	h.writeConfig(t, site, freeAddress(t))
	p := h.start(t, "run")
	p.waitFor("[*] Starting bot...")
	site.waitForBot()
	site.puppet("Alice").Say("the projector is humming & <warm>")

	waitUntil(t, "the line in a search", func() bool {
		r := h.run(t, "chat", "search", "projector", "--json")
		var reply bus.ChatSearchReply
		return json.Unmarshal([]byte(r.out), &reply) == nil && len(reply.Hits) == 1 &&
			reply.Hits[0].Text == "the projector is humming & <warm>" && reply.Hits[0].User == "Alice"
	})
	for _, filter := range []string{"--user=nobody", "--room=elsewhere"} {
		r := h.run(t, "chat", "search", "projector", "--since", "1w", filter)
		if r.out != "" || r.code != 0 || !strings.Contains(r.err, "No line was found") {
			t.Errorf("%s: exit %d, %q, %q", filter, r.code, r.out, r.err)
		}
	}

	if _, err := exec.LookPath("sqlite3"); err == nil {
		count := func() string {
			out, err := exec.Command("sqlite3", filepath.Join(h.dir, "bot_data.db"), "SELECT COUNT(*) FROM user_stats;").CombinedOutput()
			if err != nil {
				t.Fatalf("sqlite3 while it runs: %v %s", err, out)
			}
			return strings.TrimSpace(string(out))
		}
		waitUntil(t, "two people in user_stats", func() bool { return count() == "2" })
	}

	events := h.start(t, "events", "--since", "10m", "--json")
	events.waitFor("projector")
	site.puppet("bob").Say("said live")
	events.waitFor("said live")
	var seqs []uint64
	for s := bufio.NewScanner(strings.NewReader(events.stdout())); s.Scan(); {
		var env bus.Envelope
		if err := json.Unmarshal(s.Bytes(), &env); err != nil {
			t.Fatalf("no NDJSON: %s", s.Text())
		}
		seqs = append(seqs, env.Seq)
	}
	for i := 1; i < len(seqs); i++ {
		if seqs[i] != seqs[i-1]+1 {
			t.Fatalf("event %d follows %d", seqs[i], seqs[i-1])
		}
	}
	chatLog, err := os.ReadFile(filepath.Join(h.dir, "chat.log"))
	if err != nil || !strings.Contains(string(chatLog), "Alice: the projector is humming & <warm>") {
		t.Errorf("chat.log has no such line: %s (%v)", chatLog, err)
	}
}

// TestUnregisteredChannel is a typing error in the config: CyTube makes a
// room of that name on the fly, so nothing but its notice tells.
func TestUnregisteredChannel(t *testing.T) {
	h, site := newHome(t), newSite(t)
	h.write(t, "config.json", fmt.Sprintf(`{"version": "2.0", "nats": {"url": "nats://%s"},
  "platforms": [{"domain": %q, "channel": "dne", "user": ["Rosey", %q]}]}`, freeAddress(t), site.server.URL(), sitePassword))
	p := h.start(t, "run")
	waitUntil(t, "a warning that says what to do", func() bool {
		return strings.Contains(p.stderr(), "channel=dne") && strings.Contains(p.stderr(), "check its name in the config")
	})
}

// NATS and the database need no room; a bot does.
func TestNoPlatformIsEnabled(t *testing.T) {
	h := newHome(t)
	h.write(t, "config.json", strings.Replace(v2(freeAddress(t), `"embedded": "auto"`), `"enabled": true`, `"enabled": false`, 1))
	p := h.start(t, "run", "--only", "nats,db")
	p.waitFor("[+] DatabaseService started")
	if code := p.stop(); code != 0 {
		t.Errorf("exit code %d: %s", code, p.stderr())
	}
	if r := h.run(t, "run"); r.code != exitConfig || !strings.Contains(r.err, "--only nats,db") || r.out != "" {
		t.Errorf("with a bot: exit %d, %q, %q", r.code, r.out, r.err)
	}
}

func TestSecondSignalCutsTheShutdown(t *testing.T) {
	h, site := newHome(t), newSite(t)
	h.writeConfig(t, site, freeAddress(t))
	p := h.start(t, "run")
	p.waitFor("[*] Starting bot...")
	for range 2 {
		if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			break // it was already gone after the first
		}
	}
	_ = p.cmd.Wait() // the test is that this returns
}

func TestServicesRunApart(t *testing.T) {
	h, site := newHome(t), newSite(t)
	address := freeAddress(t)
	h.writeConfig(t, site, address)
	nats := h.start(t, "run", "--only", "nats")
	nats.waitFor("[+] NATS server started (listening on nats://" + address + ")")
	db := h.start(t, "run", "--only", "db")
	db.waitFor("[+] DatabaseService started (listening on NATS)")
	bot := h.start(t, "run", "--only", "bot")
	bot.waitFor("[*] Starting bot...")
	site.waitForBot()
	site.puppet("Alice").Say("across three processes")
	waitUntil(t, "the line in the database", func() bool {
		return strings.Contains(h.run(t, "chat", "search", "processes").out, "across three processes")
	})
	second := h.run(t, "run", "--only", "db")
	if second.code != 1 || !strings.Contains(second.err, "a database service runs already") {
		t.Errorf("a second database service: exit code %d, %s", second.code, second.err)
	}
	for _, p := range []*process{bot, db, nats} {
		if code := p.stop(); code != 0 {
			t.Errorf("exit code %d: %s", code, p.stderr())
		}
	}
}

// TestSignalEndsTheStart says that rosey can be stopped while it waits for
// something outside of itself in order to start.
func TestSignalEndsTheStart(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	for name, tt := range map[string]struct{ config, ready string }{
		"a password's command": {`{"version": "2.0", "nats": {"url": "nats://` + freeAddress(t) + `"},
			"platforms": [{"domain": "http://127.0.0.1:1", "channel": "x", "user": "a", "password_command": "touch ready; sleep 9"}]}`, "ready"},
		"NATS that says nothing": {`{"version": "2.0", "nats": {"url": "nats://` + silent.Addr().String() + `", "embedded": false, "connection_timeout": 300},
			"platforms": [{"domain": "http://127.0.0.1:1", "channel": "x"}]}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHome(t)
			h.write(t, "config.json", tt.config)
			p := h.start(t, "run")
			if tt.ready == "" {
				p.waitFor("[*] Connecting to NATS")
			} else {
				waitUntil(t, "the command runs", func() bool {
					_, err := os.Stat(filepath.Join(h.dir, tt.ready))
					return err == nil
				})
			}
			if code := p.stop(); code != 0 {
				t.Errorf("exit code %d: %s", code, p.stderr())
			}
		})
	}
}

// TestWatchingWithTheConfigsCredentials is for a config that names an account
// of a NATS server, as one with a server of its own must: what only watches
// goes with any that may watch, and only --read-only insists on the viewer's.
func TestWatchingWithTheConfigsCredentials(t *testing.T) {
	h, site := newHome(t), newSite(t)
	address := freeAddress(t)
	h.writeConfig(t, site, address)
	p := h.start(t, "run")
	p.waitFor("[*] Starting bot...")
	site.waitForBot()
	site.puppet("Alice").Say("the usher has a torch")
	for _, role := range []bus.Role{bus.RoleBot, bus.RoleOperator, bus.RoleViewer, bus.RoleAdmin} {
		t.Run(string(role), func(t *testing.T) {
			password, err := os.ReadFile(filepath.Join(h.dir, "state", "rosey", "nats", string(role)+".password"))
			if err != nil {
				t.Fatal(err)
			}
			h.write(t, "as.json", v2(address, fmt.Sprintf(`"user": %q, "password": %q`, role, strings.TrimSpace(string(password)))))
			waitUntil(t, "the line in a search", func() bool {
				return strings.Contains(h.run(t, "chat", "search", "usher", "-c", "as.json").out, "the usher has a torch")
			})
			if r := h.run(t, "actions", "-c", "as.json"); r.code != 0 {
				t.Errorf("actions: exit %d, %s", r.code, r.err)
			}
			events := h.start(t, "events", "--since", "10m", "-c", "as.json")
			events.waitFor("the usher has a torch")
			events.stop()
		})
	}
}
