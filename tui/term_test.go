package tui

import (
	"testing"

	"rosey/bus"
	"rosey/bus/room"
)

func TestUntilWhenAMuteLasts(t *testing.T) {
	m, bot := operate(t, 120, 40)
	typeText(m, "/mute dave")
	press(t, m, "enter")
	shows(t, m, "time, reason ▸ 10m")
	shows(t, m, "For 10 minutes, until 21:14, unless you write another time.")
	shows(t, m, "tab to the other button")
	shows(t, m, "enter press ‹Leave dave alone›")
	armed(m)
	press(t, m, "ctrl+u")
	shows(t, m, "Until somebody unmutes them, unless a time stands first")
	typeText(m, "1d12h ")
	shows(t, m, "For 1 day 12 hours, until Sat 22 Nov 09:04")
	m.room().rememberReason("caps")
	m.dialog().(*question).field.offers = m.room().reasons
	press(t, m, "down")
	if got := m.dialog().(*question).field.value(); got != "1d12h caps" {
		t.Errorf("an earlier reason makes it %q", got)
	}
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "Muted dave for 1d 12h: caps"}
	settle(m, press(t, m, "tab", "enter"))
	shows(t, m, "mute dave 1d12h caps … ✓ done · until Sat 22 Nov 09:04")
	if got := m.room().reasons[0]; got != "caps" {
		t.Errorf("remembered %q as the reason", got)
	}
	m.Update(updates("movienight", event(&room.Action{
		ID: "x", Actor: "kim", Verb: "mute", Target: "bob", Line: "mute bob 1h", Status: string(bus.StatusDone), Text: "Muted bob for 1h", Time: evening.UnixMilli(),
	})))
	shows(t, m, "mute bob 1h … ✓ done · until 22:04")
	settle(m, m.openCard(m.room(), "bob"))
	shows(t, m, "until 22:04")
}

func TestABanBeginsWithoutATime(t *testing.T) {
	info := testTree.Commands[4]
	info.Args = []bus.ArgInfo{info.Args[0], {Name: "duration", Type: bus.ArgDuration, Optional: true}, info.Args[1]}
	m, _ := operate(t, 120, 40)
	cmd, _ := m.confirmCommand(m.room(), info, []string{"dave"})
	settle(m, cmd)
	shows(t, m, "For good, unless a time stands first: 10m, 2h, 3d.")
	if got := m.dialog().(*question).field.value(); got != "" {
		t.Errorf("begins with %q", got)
	}
}
