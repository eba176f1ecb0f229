package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rosey/bot/cytube/cytubetest"
)

// site is a CyTube server in this process with the account of a bot.
type site struct {
	t      testing.TB
	server *cytubetest.Server
}

const (
	siteChannel  = "den"
	sitePassword = "the bot's own password"
)

func newSite(t testing.TB) *site {
	t.Helper()
	server, err := cytubetest.New(cytubetest.Options{
		Channels:           []cytubetest.ChannelOptions{{Name: siteChannel}},
		Accounts:           []cytubetest.Account{{Name: "Rosey", Password: sitePassword, ChannelRank: 3}},
		NoConnectionBucket: true, // tests come and go faster than people
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return &site{t: t, server: server}
}

func (s *site) puppet(name string) *cytubetest.Puppet {
	return s.server.Channel(siteChannel).Puppet(name, 1)
}

// waitForBot waits until the bot is in the room.
func (s *site) waitForBot() {
	s.t.Helper()
	waitUntil(s.t, "the bot in the room", func() bool { return slices.Contains(s.server.Channel(siteChannel).Users(), "Rosey") })
}

// waitForPeople waits until the bot says that it is connected and sees them: it
// is on the server's list a little earlier.
func (h home) waitForPeople(t testing.TB, names ...string) {
	t.Helper()
	waitUntil(t, fmt.Sprintf("the bot sees %q", names), func() bool {
		users := h.run(t, "shell", "users").out
		missing := slices.ContainsFunc(names, func(name string) bool { return !strings.Contains(users, " "+name) })
		return !missing && strings.Contains(h.run(t, "shell", "status").out, "Connected: Yes")
	})
}

// freeAddress is a loopback address on which nothing listens. Its port lies
// below those that systems give out of themselves, so that nobody else gets it
// meanwhile.
func freeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(20_000))
		l, err := net.Listen("tcp", address)
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		return address
	}
	t.Fatal("no port is free")
	return ""
}

// writeConfig writes a v0.5.0 file, without any key of ours, for the site.
func (h home) writeConfig(t testing.TB, s *site, nats string) {
	t.Helper()
	h.write(t, "config.json", fmt.Sprintf(`{
  "version": "2.0",
  "nats": {"url": "nats://%s", "connection_timeout": 5, "max_reconnect_attempts": -1, "reconnect_delay": 2},
  "database": {"path": "bot_data.db", "run_as_service": true},
  "platforms": [{
    "type": "cytube", "name": "primary", "enabled": true,
    "domain": %q, "channel": %q, "user": ["Rosey", %q],
    "response_timeout": 1, "restart_delay": 5
  }],
  "shell": {"enabled": true, "host": "localhost", "port": 5555},
  "logging": {"level": "info", "chat_log_file": "chat.log", "media_log_file": "media.log"},
  "llm": {}, "plugins": {"enabled": false, "directory": "plugins/", "auto_reload": false}
}`, nats, s.server.URL(), siteChannel, sitePassword))
}

func (h home) write(t testing.TB, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(h.dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
