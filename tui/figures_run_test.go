package tui

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
)

// The views of figures over a real bus, on a terminal, by typed keys.
func TestFiguresOverARealBus(t *testing.T) {
	s := newStage(t)
	bot := s.connect(bus.RoleBot)
	p := newPlayer(t, bot, "movienight")
	if _, err := bus.AddService(bot, "rosey-bot", "the bot", "1.2.3", nil); err != nil {
		t.Fatal(err)
	}
	respond(t, s.connect(bus.RoleDB), bus.SubjectActions, func(context.Context, bus.ActionsQuery) bus.ActionsReply {
		return bus.ActionsReply{Rows: []bus.ActionRow{{ID: 7, Timestamp: evening.Unix(), Username: "Alice", Action: "kick", Target: "bob", Reason: "caps"}}}
	})
	o := testOptions()
	o.Conn = s.connect(bus.RoleViewer)
	o.ReadOnly = true
	term := openTerminal(t, 120, 40, func(with ...tea.ProgramOption) error { return run(t.Context(), o, with...) })
	term.waitText("CyTube ●")

	term.press("\x1b[15~") // F5
	term.waitText("embedded")
	term.waitText("MSGS FROM▾")
	term.waitText("ROSEY_EVENTS")
	term.waitText("rosey-bot 1.2.3")
	term.waitText("ROUND TRIPS")
	term.press("s")
	term.waitText("MSGS TO▾")
	p.say("bob", "counted")
	term.waitText("message")

	term.press("\x1b[17~") // F6
	term.waitText("the database service is silent")
	term.press("\x1b[18~") // F7
	term.waitText("kick bob “caps”")
	term.press("/who:nobody\r")
	term.waitText("nothing that the filter lets through")
	term.press("!")
	term.waitText("kick bob “caps”")
	s.stop()
	term.press("\x1b[15~")
	term.waitText("NATS is not reachable: figures of")
	s.start()
	term.waitFor("fresh figures", func(screen string) bool {
		return !strings.Contains(screen, "not reachable") && strings.Contains(screen, "embedded")
	})
	term.press("\x03")
	if err := term.ended(); err != nil {
		t.Error(err)
	}
}
