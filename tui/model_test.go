package tui

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

// shows fails unless the screen has text on it.
func shows(tb testing.TB, m *model, text string) {
	tb.Helper()
	if s := strings.Join(screen(m), "\n"); !strings.Contains(s, text) {
		tb.Errorf("the screen does not show %q:\n%s", text, s)
	}
}

func hides(tb testing.TB, m *model, text string) {
	tb.Helper()
	if s := strings.Join(screen(m), "\n"); strings.Contains(s, text) {
		tb.Errorf("the screen shows %q:\n%s", text, s)
	}
}

func quits(cmd tea.Cmd) bool {
	if cmd == nil {
		return false
	}
	_, ok := cmd().(tea.QuitMsg)
	return ok
}

func TestEverySizeIsFilledExactly(t *testing.T) {
	m, _ := sceneModel(t, 80, 24)
	typeText(m, "日本語 👨‍👩‍👧 text")
	r := rand.New(rand.NewPCG(3, 4))
	sizes := [][2]int{{1, 1}, {1, 50}, {200, 1}, {39, 8}, {40, 8}, {40, 7}, {500, 200}, {69, 20}, {70, 20}, {99, 29}, {100, 30}, {160, 31}}
	for range 400 {
		sizes = append(sizes, [2]int{1 + r.IntN(500), 1 + r.IntN(200)})
	}
	states := []func(){
		func() {}, func() { press(t, m, "esc") }, func() { m.push(&help{}) }, func() { m.dialogs = nil; m.Update(tea.PasteMsg{Content: "a\nb\nc"}) },
		func() { press(t, m, "esc", "alt+end", "ctrl+u") }, func() { m.by = ansi.GraphemeWidth; m.restyle() },
	}
	for i, s := range sizes {
		states[i%len(states)]()
		m.Update(tea.WindowSizeMsg{Width: s[0], Height: s[1]})
		requireShape(t, m, s[0], s[1])
	}
}

func TestNothingKnownYetStillDraws(t *testing.T) {
	o := testOptions()
	o.Rooms = nil
	m, _ := testModel(t, o, 80, 24)
	requireShape(t, m, 80, 24)
	shows(t, m, "waiting for NATS")
	m.Update(linkMsg{bus.Link{State: room.LinkUp, URL: "nats://127.0.0.1:4222"}})
	shows(t, m, "no bot answers on nats://127.0.0.1:4222")
	shows(t, m, "rosey run")
	m.Update(roomsMsg{"movienight"})
	m.Update(scene())
	shows(t, m, "good evening")

	m, _ = testModel(t, o, 80, 24)
	if !quits(press(t, m, "q")) {
		t.Error("q does not quit where there is no input line")
	}
}

func TestNoBotIsSaidAndRecovers(t *testing.T) {
	m, _ := testModel(t, testOptions(), 100, 24)
	m.Update(updates("movienight", linkUp(), bus.Update{Kind: bus.UpdateNoBot, Text: "no bot answers for room movienight"}))
	shows(t, m, "no bot answers for room movienight on nats://127.0.0.1:4222")
	shows(t, m, "start one with `rosey run`")
	shows(t, m, "CyTube ?")
	m.Update(scene())
	shows(t, m, "CyTube ●")
	hides(t, m, "no bot")
}

func TestLinksNeverLie(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	shows(t, m, "CyTube ● 41ms    NATS ● 0.1ms   DB ● 0 behind")

	m.Update(updates("movienight", event(&room.Connection{
		State: room.LinkDown, Reason: "the server closed the connection",
		RetryAt: evening.Add(7 * time.Second).UnixMilli(), Since: evening.UnixMilli(),
	})))
	shows(t, m, "CyTube ○ 7 s")
	shows(t, m, "next try in 7 s · the server closed the connection")
	m.Update(tickMsg(evening.Add(3 * time.Second)))
	shows(t, m, "CyTube ○ 4 s")
	shows(t, m, "CyTube down for 3 s")

	m.Update(updates("movienight", bus.Update{Kind: bus.UpdateDBLost}))
	shows(t, m, "DB ○")
	m.Update(updates("movienight", bus.Update{Kind: bus.UpdateBotLost}))
	shows(t, m, "CyTube ?")
	shows(t, m, "the bot of movienight is silent")

	m.Update(updates("movienight", bus.Update{Kind: bus.UpdateLink, Link: bus.Link{
		State: room.LinkDown, Reason: "connection refused", Since: evening, RetryAt: evening.Add(5 * time.Second),
	}}))
	shows(t, m, "NATS ○ 5 s")
	shows(t, m, "DB ?")
	shows(t, m, "connection refused")

	m.Update(updates("movienight", linkUp(), bus.Update{Kind: bus.UpdateState, State: movieNight()},
		bus.Update{Kind: bus.UpdateDB, Health: bus.DBHealth{JetStream: true, Behind: 3}}))
	shows(t, m, "CyTube ● 41ms    NATS ● 0.1ms   DB ● 3 behind")
}

func TestTimeOfflineIsDrawnAndFilled(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	m.Update(updates("movienight", bus.Update{Kind: bus.UpdateBotLost}))
	b := updates("movienight", event(message("21:04", "bob", "one")), event(message("21:04", "bob", "two")), event(message("21:04", "bob", "three")))
	b.at = evening.Add(42 * time.Second)
	m.Update(b)
	shows(t, m, "offline, filling in")
	b = updates("movienight", bus.Update{Kind: bus.UpdateState, State: movieNight()})
	b.at = evening.Add(42 * time.Second)
	m.Update(b)
	shows(t, m, "42 s offline, 3 lines filled in")
}

func TestSelectingStandsStill(t *testing.T) {
	m, _ := sceneModel(t, 80, 24)
	press(t, m, "esc")
	before := screen(m)[2:20]
	for n := range 14 {
		m.Update(updates("movienight", event(message("21:04", "bob", fmt.Sprint("more ", n)))))
	}
	if !slices.Equal(before, screen(m)[2:20]) {
		t.Error("the chat moved while selecting")
	}
	shows(t, m, "↓ 14 new")
	press(t, m, "k", "k", "j")
	if got := m.room().chat.selected().text(); got != "NEXT ONE IS A CLASSIC" {
		t.Errorf("selected %q", got)
	}
	press(t, m, "m")
	if l := m.room().chat.selected(); !l.mention {
		t.Errorf("m went to %q", l.text())
	}
	press(t, m, "G")
	shows(t, m, "more 13")
	if m.room().chat.selecting() {
		t.Error("still selecting")
	}
	press(t, m, "pgup", "esc", "esc")
	if !m.room().chat.follow {
		t.Error("esc esc is not live")
	}
}

func TestSpoilersOpenWhenSelected(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	hides(t, m, "it is the butler")
	press(t, m, "esc")
	for range 20 {
		press(t, m, "k")
		if strings.Contains(m.room().chat.selected().text(), "butler") {
			shows(t, m, "it is the butler")
			return
		}
	}
	t.Error("never reached the line")
}

func TestQuitting(t *testing.T) {
	m, _ := sceneModel(t, 80, 24)
	if quits(press(t, m, "q")) {
		t.Error("q quits while typing")
	}
	m, _ = sceneModel(t, 80, 24)
	if !quits(press(t, m, "ctrl+c")) {
		t.Error("ctrl+c does not quit")
	}
	m, _ = sceneModel(t, 80, 24)
	if quits(press(t, m, "esc", "q")) {
		t.Error("a stray q in the chat quits")
	}
	if !quits(press(t, m, "ctrl+c")) {
		t.Error("ctrl+c in the chat does not quit")
	}
	if m.View().Content != "" {
		t.Error("the last frame is not empty")
	}
}

func TestReadOnly(t *testing.T) {
	o := testOptions()
	o.ReadOnly = true
	m, bot := testModel(t, o, 80, 24)
	m.Update(scene())
	shows(t, m, "READ ONLY")
	typeText(m, "hello")
	press(t, m, "enter")
	m.Update(tea.PasteMsg{Content: "x"})
	if len(bot.asked) > 0 || !m.room().edit.empty() {
		t.Error("something was typed or sent")
	}
	if m.View().Cursor != nil {
		t.Error("there is a cursor")
	}
	if !quits(press(t, m, "q")) {
		t.Error("q does not quit")
	}
}

func TestRooms(t *testing.T) {
	o := testOptions()
	o.Rooms = []string{"movienight", "anime"}
	m, _ := testModel(t, o, 120, 30)
	m.Update(scene())
	m.Update(updates("anime", bus.Update{Kind: bus.UpdateState, State: movieNight()},
		event(message("21:00", "bob", "other room")), event(message("21:00", "bob", "Rosey, hi"))))
	shows(t, m, "2 anime·2!")
	hides(t, m, "other room")
	typeText(m, "draft")
	press(t, m, "alt+2")
	shows(t, m, "other room")
	hides(t, m, "draft")
	hides(t, m, "anime·")
	press(t, m, "alt+1")
	shows(t, m, "draft")
}

func TestJoinsCanBeHidden(t *testing.T) {
	o := testOptions()
	o.TUI.ShowJoinQuit = false
	m, _ := testModel(t, o, 120, 40)
	m.Update(scene())
	hides(t, m, "joined")
	hides(t, m, "left")
}

func TestRepeatsAreNotShownTwice(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	again := message("21:02", "bob", "@Rosey hello?")
	again.Replay = true
	m.Update(updates("movienight", event(again), event(&room.UserJoin{User: "ALICE", UserData: user("Alice", 3)})))
	if n := strings.Count(strings.Join(screen(m), "\n"), "@Rosey hello?"); n != 1 {
		t.Errorf("shown %d times", n)
	}
	hides(t, m, "ALICE")
}

func TestNarrowScreensShowUsersOnDemand(t *testing.T) {
	m, _ := sceneModel(t, 60, 20)
	hides(t, m, "ADMINS")
	press(t, m, "ctrl+u")
	shows(t, m, "ADMINS")
	requireShape(t, m, 60, 20)
	press(t, m, "ctrl+u")
	hides(t, m, "ADMINS")
	typeText(m, "some words")
	press(t, m, "ctrl+u")
	hides(t, m, "ADMINS")
	if !m.room().edit.empty() {
		t.Error("ctrl+u did not clear the line")
	}
}

func TestHelpComesFromTheKeyMap(t *testing.T) {
	m, _ := sceneModel(t, 100, 60)
	press(t, m, "f1")
	for _, g := range m.helpGroups() {
		for _, k := range g.keys {
			shows(t, m, k.Help().Desc)
		}
	}
	for _, c := range commands() {
		shows(t, m, "/"+c.name)
	}
	press(t, m, "x")
	hides(t, m, "Everywhere")
}

func TestUnknownThemesAreSaid(t *testing.T) {
	cfg := themedConfig(t, "hall9000")
	o := testOptions()
	o.TUI, o.Warnings = cfg.TUI, CheckTheme(cfg, "")
	m, _ := testModel(t, o, 200, 40)
	shows(t, m, `c.yaml:4:14: tui.theme: expected a theme`)
	past := updates("movienight", linkUp())
	for i := range 50 {
		past.updates = append(past.updates, roomUpdate{room: "movienight", Update: bus.Update{Kind: bus.UpdateBacklog, Event: message("21:00", "bob", fmt.Sprint(i))}})
	}
	m.Update(past)
	m.Update(scene())
	shows(t, m, "c.yaml:4:14: tui.theme")
	lines := m.room().chat.lines
	if last := lines[len(lines)-1].text(); !strings.Contains(last, `expected a theme, found "hall9000"; did you mean hal9000? There are default, c3po`) {
		t.Errorf("says %q", last)
	}
	if m.status != "" {
		t.Errorf("the hints are still hidden by %q", m.status)
	}
	if m.theme() != "default" {
		t.Errorf("wears %s", m.theme())
	}
}

// themedConfig is a config with a theme, which stands in line 4, column 14.
func themedConfig(t *testing.T, theme string) *config.Config {
	t.Helper()
	cfg, _, err := config.Parse("c.yaml", []byte("version: '2.0'\nnats: {url: nats://x}\nplatforms: [{domain: d, channel: c}]\ntui: {theme: "+theme+"}\n"))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestNoColorLeavesNoColor(t *testing.T) {
	for _, p := range []colorprofile.Profile{colorprofile.ASCII, colorprofile.NoTTY} {
		m, _ := sceneModel(t, 120, 40)
		m.Update(tea.ColorProfileMsg{Profile: p})
		if s := m.View().Content; strings.Contains(s, "38;") || strings.Contains(s, "48;") {
			t.Errorf("colours under %v", p)
		}
	}
}

func TestAFloodIsBoundedAndTypingWorks(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	for second := range 4 {
		for f := range 30 {
			b := batchMsg{at: evening.Add(time.Duration(second)*time.Second + time.Duration(f)*frame)}
			for n := range 5000 / 30 {
				b.updates = append(b.updates, roomUpdate{room: "movienight", Update: event(message("21:04", "bob", fmt.Sprint("flood ", second, f, n)))})
			}
			m.Update(b)
			typeText(m, "x")
			requireShape(t, m, 120, 40)
		}
	}
	if n := len(m.room().chat.lines); n > 5000+pruneSlack+1 {
		t.Errorf("%d lines kept", n)
	}
	if got := m.room().edit.value(); len(got) != 120 {
		t.Errorf("%d letters typed of 120", len(got))
	}
	shows(t, m, "lines/s")
}

func TestHostileUpdatesCannotReachTheTerminal(t *testing.T) {
	evil := "\x1b]52;c;aGk=\a\x1b[2J\u009b31m\u202e\x1bPq\x1b\\x"
	st := movieNight()
	st.Users = append(st.Users, user(evil, 3))
	st.Self.Name = evil
	st.Media.Media.Title, st.Playlist[1].Media.Title, st.Playlist[0].QueueBy = evil, evil, evil
	st.Poll = &room.Poll{Title: evil, Options: []string{evil}, Counts: []string{evil}}
	m, _ := testModel(t, testOptions(), 160, 50)
	m.Update(updates("movienight", linkUp(), bus.Update{Kind: bus.UpdateState, State: st},
		event(&room.Message{User: evil, Content: evil, Spans: []room.Span{{Text: evil, Link: evil}}}),
		event(&room.PM{User: evil, Recipient: evil, Content: evil}),
		event(&room.UserJoin{User: "x", UserData: room.User{Meta: room.Meta{Aliases: []string{evil}}}}),
		event(&room.Notice{Kind: room.NoticeAnnouncement, Text: evil, From: evil}),
		event(&room.Connection{State: room.LinkDown, Reason: evil}),
		event(&room.Kicked{Reason: evil}), event(&room.PollOpened{Poll: *st.Poll}), event(&room.Motd{Text: evil}),
		bus.Update{Kind: bus.UpdateDB, Health: bus.DBHealth{Error: evil}},
	))
	requireShape(t, m, 160, 50)
	v := m.View()
	for _, bad := range []string{"\x1b]", "\x1bP", "\u009b", "\u202e", "\x1b[2J", "\a"} {
		if strings.Contains(v.Content, bad) || strings.Contains(v.WindowTitle, bad) {
			t.Errorf("%q reached the view", bad)
		}
	}
}

func TestAMegabyteOfTextIsCut(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	huge := strings.Repeat("日本語 ", 200_000)
	m.Update(updates("movienight", event(message("21:04", huge, huge)),
		event(&room.UserJoin{User: huge, UserData: room.User{Name: huge, Rank: 1}})))
	requireShape(t, m, 120, 40)
	for _, l := range m.room().chat.lines {
		if len(l.text()) > maxLine+100 || len(l.name) > maxName {
			t.Fatalf("a line of %d bytes by a name of %d is kept", len(l.text()), len(l.name))
		}
	}
	press(t, m, "esc", "k")
	if l := m.room().chat.selected(); !strings.HasSuffix(l.text(), "bytes more") {
		t.Errorf("the cut is not told: %q", l.text())
	}
}

// The habit of a shell must not end the services with the console.
func TestInterruptDropsTheLineFirst(t *testing.T) {
	m, _ := sceneModel(t, 80, 24)
	typeText(m, "half a line")
	if quits(press(t, m, "ctrl+c")) {
		t.Fatal("leaves with a line half typed")
	}
	hides(t, m, "half a line")
	shows(t, m, "ctrl+y brings the line back, ctrl+c quits")
	if !quits(press(t, m, "ctrl+c")) {
		t.Error("does not leave")
	}
}
