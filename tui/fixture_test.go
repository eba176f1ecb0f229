package tui

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

// evening is the moment at which the fixtures stand.
var evening = time.Date(2025, 11, 20, 21, 4, 0, 0, time.UTC)

func clockAt(hhmm string) int64 {
	t, err := time.Parse("15:04", hhmm)
	if err != nil {
		panic(err)
	}
	return time.Date(2025, 11, 20, t.Hour(), t.Minute(), 0, 0, time.UTC).UnixMilli()
}

// answers is a bot that notes what it was asked and answers the same to all.
type answers struct {
	asked []bus.Command
	verbs []string
	reply bus.CommandReply
	err   error
	db    map[string]any // what is answered by subject
}

// ask answers a question with what db has for its subject, else with an empty
// reply; the tree is always there.
func (a *answers) ask(subject string, _, reply any) error {
	if t, ok := reply.(*bus.TreeReply); ok {
		*t = testTree
		return nil
	}
	if found, ok := a.db[subject]; ok {
		data, err := json.Marshal(found)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(data, reply); err != nil {
			return err
		}
		room.CleanAll(reply) // as askBus does
		return nil
	}
	return nil
}

// testTree is a small command tree.
var testTree = bus.TreeReply{Version: "test", Commands: []bus.CommandInfo{
	{Name: "status", Group: "Info", Usage: "status", Help: "How the bot is.", Asks: true},
	{Name: "kick", Group: "Control", Usage: "kick <user> [reason]", Help: "Throws a person out of the room; they can come back.",
		Args: []bus.ArgInfo{{Name: "user", Type: bus.ArgUser}, {Name: "reason", Type: bus.ArgReason, Optional: true, Rest: true}}, Needs: "kick", Destructive: true},
	{Name: "mute", Group: "Control", Usage: "mute <user> [duration] [reason]", Help: "Silences a person.",
		Args:  []bus.ArgInfo{{Name: "user", Type: bus.ArgUser}, {Name: "duration", Type: bus.ArgDuration, Optional: true}, {Name: "reason", Type: bus.ArgReason, Optional: true, Rest: true}},
		Needs: "mute", Destructive: true, Inverse: "unmute"},
	{Name: "unmute", Group: "Control", Usage: "unmute <user>", Help: "Lets a person speak again.", Args: []bus.ArgInfo{{Name: "user", Type: bus.ArgName}}, Needs: "mute", Inverse: "mute"},
	{Name: "ban", Group: "Control", Usage: "ban <user> [reason]", Help: "Bans a name.",
		Args: []bus.ArgInfo{{Name: "user", Type: bus.ArgName}, {Name: "reason", Type: bus.ArgReason, Optional: true, Rest: true}}, Needs: "ban", Destructive: true, Inverse: "unban"},
	{Name: "note", Group: "Shift", Usage: "note <user> <text>", Help: "Writes something down about a person.",
		Args: []bus.ArgInfo{{Name: "user", Type: bus.ArgName}, {Name: "text", Type: bus.ArgText, Rest: true}}},
	{Name: "mode", Group: "Room", Usage: "mode <on|off>", Help: "Switches.", Args: []bus.ArgInfo{{Name: "state", Type: bus.ArgChoice, Choices: []string{"on", "off"}}}},
	{Name: "purge", Group: "Playlist", Usage: "purge <user>", Help: "Removes what a person queued.",
		Args: []bus.ArgInfo{{Name: "user", Type: bus.ArgName}}, Needs: "playlistdelete", Destructive: true, Bulk: true},
	{Name: "add", Group: "Playlist", Usage: "add <url>", Help: "Queues.", Args: []bus.ArgInfo{{Name: "url", Type: bus.ArgURL}}, Needs: "playlistadd"},
	{Name: "jump", Group: "Playlist", Usage: "jump <position>", Help: "Plays.", Args: []bus.ArgInfo{{Name: "position", Type: bus.ArgPosition}}, Needs: "playlistjump"},
	{Name: "move", Group: "Playlist", Usage: "move <from> <to>", Help: "Moves.", Args: []bus.ArgInfo{{Name: "from", Type: bus.ArgPosition}, {Name: "to", Type: bus.ArgPosition}}, Needs: "playlistmove"},
	{Name: "remove", Group: "Playlist", Usage: "remove <position>", Help: "Removes.", Args: []bus.ArgInfo{{Name: "position", Type: bus.ArgPosition}}, Needs: "playlistdelete", Destructive: true},
	{Name: "shuffle", Group: "Playlist", Usage: "shuffle", Help: "Shuffles the queue.", Needs: "playlistshuffle", Destructive: true},
	{Name: "lock", Group: "Playlist", Usage: "lock", Help: "Locks the queue.", Needs: "playlistlock", Inverse: "unlock"},
	{Name: "unlock", Group: "Playlist", Usage: "unlock", Help: "Opens the queue.", Needs: "playlistlock", Inverse: "lock"},
}}

// settle runs a command and what comes of it, but for clocks.
func settle(m *model, cmd tea.Cmd) {
	for todo := []tea.Cmd{cmd}; len(todo) > 0; {
		next := todo[0]
		todo = todo[1:]
		if next == nil {
			continue
		}
		msg := make(chan tea.Msg, 1)
		go func() { msg <- next() }()
		var enough <-chan time.Time // never, for what is not a clock's
		if isClock(next) {
			enough = time.After(50 * time.Millisecond)
		}
		select {
		case got := <-msg:
			if batch, ok := got.(tea.BatchMsg); ok {
				todo = append(todo, batch...)
			} else if got != nil {
				_, more := m.Update(got)
				todo = append(todo, more)
			}
		case <-enough:
		}
	}
}

// isClock tells the commands that only wait, which tea.Tick makes, from those
// that have work to do and must be waited for however slow the machine is.
func isClock(cmd tea.Cmd) bool {
	return strings.Contains(runtime.FuncForPC(reflect.ValueOf(cmd).Pointer()).Name(), ".Tick.")
}

// operate is a room in full swing with the bot's commands known.
func operate(tb testing.TB, w, h int) (*model, *answers) {
	m, a := testModel(tb, testOptions(), w, h)
	_, cmd := m.Update(scene())
	settle(m, cmd)
	m.Update(rttMsg{rtt: 120 * time.Microsecond})
	m.room().state.Perms = map[string]float64{
		"kick": 2, "mute": 2, "ban": 2, "chat": 0, "playlistadd": 1, "playlistjump": 2, "playlistmove": 2,
		"playlistdelete": 2, "playlistshuffle": 2, "playlistlock": 2,
	}
	return m, a
}

// armed lets the question that stands be answered.
func armed(m *model) {
	if g, ok := m.dialog().(guarded); ok {
		g.arm()
	}
}

func (a *answers) request(_, verb string, c bus.Command) (bus.CommandReply, error) {
	a.asked = append(a.asked, c)
	a.verbs = append(a.verbs, verb)
	return a.reply, a.err
}

func testOptions() Options {
	return Options{
		Rooms: []string{"movienight"}, Operator: "tester", Version: "test",
		TUI: config.TUI{Theme: "default", ShowJoinQuit: true, ClockFormat: "24h", Scrollback: 5000, Mouse: true},
	}
}

// testModel is a model at w by h in UTC, its clock at evening.
func testModel(tb testing.TB, o Options, w, h int) (*model, *answers) {
	tb.Helper()
	a := &answers{reply: bus.CommandReply{Status: bus.StatusDone}}
	m := newModel(o, deps{entered: readInputHistory(o.HistoryFile), memory: recallMemory(o.MemoryFile, o.Logger), request: a.request, ask: a.ask, rtt: func() (time.Duration, error) { return 0, context.Canceled }})
	m.loc = time.UTC
	for _, v := range m.rooms {
		v.log.loc = time.UTC
	}
	m.restyle()
	m.Update(tea.WindowSizeMsg{Width: w, Height: h})
	m.Update(tickMsg(evening))
	return m, a
}

func updates(name string, us ...bus.Update) batchMsg {
	b := batchMsg{at: evening}
	for _, u := range us {
		b.updates = append(b.updates, roomUpdate{room: name, Update: u})
	}
	return b
}

func event(e room.Event) bus.Update {
	return bus.Update{Kind: bus.UpdateEvent, Event: e, Time: clockAt("21:03")}
}

func old(e room.Event) bus.Update {
	return bus.Update{Kind: bus.UpdateBacklog, Event: e, Time: clockAt("20:58")}
}

func linkUp() bus.Update {
	return bus.Update{Kind: bus.UpdateLink, Link: bus.Link{State: room.LinkUp, URL: "nats://127.0.0.1:4222"}}
}

func message(at, user, text string) *room.Message {
	return &room.Message{User: user, Content: text, Time: clockAt(at), Timestamp: clockAt(at) / 1000}
}

func styled(m *room.Message, s room.Style) *room.Message {
	m.Style = s
	return m
}

func user(name string, rank float64) room.User { return room.User{Name: name, Rank: rank} }

// movieNight is a room in full swing.
func movieNight() room.State {
	st := room.New()
	st.Connection = room.Connection{State: room.LinkUp}
	st.Self = room.Self{Name: "Rosey", Rank: 3}
	st.Leader, st.Count = "Alice", 25
	muted, away := user("carol", 1), user("frank", 1)
	muted.Meta.Muted, away.Meta.AFK = true, true
	gina := user("gina", 1)
	gina.Meta.AFK = true
	st.Users = []room.User{
		user("Alice", 3), user("bob", 1), muted, user("dave", 1), away, gina,
		user("guest42", 0), user("mod2", 2), user("Rosey", 2), user("zoë_42", 1), user("日本語ユーザー", 1),
	}
	item := func(uid int, title, by string, seconds float64) room.Item {
		return room.Item{UID: uid, QueueBy: by, Media: room.Media{Title: title, Seconds: seconds, Type: "yt"}}
	}
	st.Playlist = []room.Item{
		item(1, "Plan 9 from Outer Space", "Alice", 4742),
		item(2, "Metropolis (1927) restored", "bob", 9180),
		item(3, "日本沈没 予告編", "日本語ユーザー", 154),
		item(4, "24/7 lofi radio", "carol", 0),
	}
	st.Current = 1
	st.Length = room.PlaylistMeta{Count: 4, Length: "03:54:36"}
	st.Media = &room.MediaChange{Media: st.Playlist[0].Media, Position: 761, Time: evening.UnixMilli()}
	return st
}

// scene is the script that the goldens show.
func scene() batchMsg {
	pm := &room.PM{User: "bob", Recipient: "Rosey", Content: "can you add a video?", Time: clockAt("21:01")}
	kick := message("21:02", "[server]", "mod2 kicked spammer")
	kick.Server, kick.Style = true, room.StyleWhisper
	shadow := message("21:02", "troll", "nobody hears me")
	shadow.Shadow = true
	link := message("21:02", "zoë_42", "look at https://example.org/x :popcorn: it is the butler")
	link.Spans = []room.Span{
		{Text: "look at "}, {Text: "https://example.org/x", Kind: room.SpanLink},
		{Text: " "}, {Text: ":popcorn:", Kind: room.SpanEmote}, {Text: " "}, {Text: "it is the butler", Kind: room.SpanSpoiler},
	}
	mute := movieNight().Users[2].Meta
	erin := user("erin", 1)
	erin.Meta.Aliases = []string{"er1n", "erin_"}
	yesterday := message("20:57", "Alice", "good night all")
	yesterday.Time -= 24 * 3600 * 1000
	return updates("movienight",
		linkUp(),
		bus.Update{Kind: bus.UpdateDB, Health: bus.DBHealth{JetStream: true}},
		old(yesterday),
		old(message("20:58", "Alice", "hey everyone!")),
		old(message("20:58", "bob", "what's playing?")),
		bus.Update{Kind: bus.UpdateState, State: movieNight()},
		bus.Update{Kind: bus.UpdateHeartbeat, Heartbeat: bus.Heartbeat{RTT: 41, Link: room.Connection{State: room.LinkUp}}},
		event(styled(message("20:58", "carol", "> tfw no popcorn"), room.StyleGreentext)),
		event(styled(message("20:59", "dave", "waves"), room.StyleAction)),
		event(&room.UserJoin{User: "erin", UserData: erin, Timestamp: clockAt("20:59") / 1000}),
		event(message("21:00", "zoë_42", "日本語テキスト 🎬 wraps with a hanging indent under the text, not under the name, whatever the script 👨‍👩‍👧 and é too")),
		event(pm),
		event(message("21:02", "bob", "@Rosey hello?")),
		event(kick),
		event(&room.UserMeta{User: "bob", Meta: mute}),
		event(shadow),
		event(link),
		event(message("21:03", "hostile", room.Clean("\x1b[31mred\x1b]0;title\a \u202eevil\u0300\u0301\u0302\u0303\u0304\u0305"))),
		event(&room.Gap{From: 41, To: 43, Since: clockAt("21:02"), Until: clockAt("21:03")}),
		event(message("21:03", "dave", strings.Repeat("three hundred letters ", 14)[:300])),
		event(&room.UserLeave{User: "erin"}),
		event(styled(message("21:03", "Alice", "NEXT ONE IS A CLASSIC"), room.StyleShout)),
		event(message("21:04", "Rosey", "good evening")),
	)
}

// sceneModel shows the scene at w by h.
func sceneModel(tb testing.TB, w, h int) (*model, *answers) {
	m, a := testModel(tb, testOptions(), w, h)
	m.Update(scene())
	m.Update(rttMsg{rtt: 120 * time.Microsecond})
	return m, a
}

// screen is the view without styles, one string a row.
func screen(m *model) []string { return strings.Split(ansi.Strip(m.View().Content), "\n") }

// requireShape fails unless the view is exactly w by h.
func requireShape(tb testing.TB, m *model, w, h int) {
	tb.Helper()
	rows := strings.Split(m.View().Content, "\n")
	if len(rows) != h {
		tb.Fatalf("%dx%d: %d rows", w, h, len(rows))
	}
	for i, r := range rows {
		if n := m.by.StringWidth(r); n != w {
			tb.Fatalf("%dx%d: row %d has %d cells: %q", w, h, i, n, ansi.Strip(r))
		}
	}
}

func typeText(m *model, text string) {
	for _, c := range clusters(text) {
		m.Update(tea.KeyPressMsg{Code: []rune(c)[0], Text: c})
	}
}

// press presses keys by name and returns the last command.
func press(tb testing.TB, m *model, names ...string) tea.Cmd {
	tb.Helper()
	var cmd tea.Cmd
	for _, n := range names {
		k, ok := keysByName[n]
		if !ok {
			k = tea.KeyPressMsg{Code: []rune(n)[0], Text: n}
		}
		if ok && k.String() != n {
			tb.Fatalf("key %q says it is %q", n, k.String())
		}
		_, cmd = m.Update(k)
	}
	return cmd
}

var keysByName = map[string]tea.KeyPressMsg{
	"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "tab": {Code: tea.KeyTab},
	"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight},
	"pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd},
	"backspace": {Code: tea.KeyBackspace}, "delete": {Code: tea.KeyDelete}, "f1": {Code: tea.KeyF1},
	"ctrl+up": {Code: tea.KeyUp, Mod: tea.ModCtrl}, "ctrl+down": {Code: tea.KeyDown, Mod: tea.ModCtrl},
	"alt+end": {Code: tea.KeyEnd, Mod: tea.ModAlt},
	"ctrl+c":  {Code: 'c', Mod: tea.ModCtrl}, "ctrl+u": {Code: 'u', Mod: tea.ModCtrl}, "ctrl+w": {Code: 'w', Mod: tea.ModCtrl},
	"ctrl+k": {Code: 'k', Mod: tea.ModCtrl}, "ctrl+y": {Code: 'y', Mod: tea.ModCtrl}, "ctrl+a": {Code: 'a', Mod: tea.ModCtrl},
	"ctrl+e": {Code: 'e', Mod: tea.ModCtrl}, "ctrl+t": {Code: 't', Mod: tea.ModCtrl}, "ctrl+l": {Code: 'l', Mod: tea.ModCtrl},
	"alt+b": {Code: 'b', Mod: tea.ModAlt}, "alt+f": {Code: 'f', Mod: tea.ModAlt}, "alt+d": {Code: 'd', Mod: tea.ModAlt},
	"f2": {Code: tea.KeyF2}, "f3": {Code: tea.KeyF3}, "f4": {Code: tea.KeyF4}, "f5": {Code: tea.KeyF5}, "f6": {Code: tea.KeyF6},
	"f7": {Code: tea.KeyF7}, "f8": {Code: tea.KeyF8}, "f9": {Code: tea.KeyF9}, "ctrl+p": {Code: 'p', Mod: tea.ModCtrl},
	"alt+r": {Code: 'r', Mod: tea.ModAlt}, "alt+p": {Code: 'p', Mod: tea.ModAlt}, "alt+u": {Code: 'u', Mod: tea.ModAlt},
	"alt+w": {Code: 'w', Mod: tea.ModAlt}, "alt+s": {Code: 's', Mod: tea.ModAlt}, "alt+l": {Code: 'l', Mod: tea.ModAlt},
	"alt+t": {Code: 't', Mod: tea.ModAlt}, "alt+x": {Code: 'x', Mod: tea.ModAlt}, "space": {Code: tea.KeySpace, Text: " "},
	"alt+c": {Code: 'c', Mod: tea.ModAlt}, "alt+m": {Code: 'm', Mod: tea.ModAlt}, "shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift},
	"ctrl+g": {Code: 'g', Mod: tea.ModCtrl}, "ctrl+r": {Code: 'r', Mod: tea.ModCtrl}, "ctrl+d": {Code: 'd', Mod: tea.ModCtrl},
	"alt+g": {Code: 'g', Mod: tea.ModAlt}, "alt+z": {Code: 'z', Mod: tea.ModAlt}, "alt+j": {Code: 'j', Mod: tea.ModAlt},
	"alt+1": {Code: '1', Mod: tea.ModAlt}, "alt+2": {Code: '2', Mod: tea.ModAlt}, "alt+n": {Code: 'n', Mod: tea.ModAlt},
}

func size(w, h int) string { return fmt.Sprintf("%dx%d", w, h) }

func rulesOptions() Options {
	o := testOptions()
	o.TUI.Highlights = []config.Highlight{{Match: "popcorn", Colour: "good", Bell: true}}
	o.TUI.Ignore = []string{"dave"}
	o.TUI.Filters = []config.Filter{{Name: "links", Text: "https?://", Active: true}, {Name: "only alice", User: "^Alice$", Invert: true}}
	o.TUI.Presets = []config.Preset{
		{Key: "alt+k K", Template: "me waves at {user}", Label: "Wave"},
		{Key: "alt+t", Template: "me says {what} to {user}"},
	}
	o.TUI.Keys = map[string]string{"help": "f10", "playlist": "alt+y"}
	return o
}

func rulesModel(tb testing.TB, w, h int) (*model, *answers) {
	m, a := testModel(tb, rulesOptions(), w, h)
	m.Update(scene())
	return m, a
}

// flatten runs a command and those it batches.
func flatten(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	msg := cmd()
	batch, ok := msg.(tea.BatchMsg)
	if !ok {
		return []tea.Msg{msg}
	}
	var out []tea.Msg
	for _, c := range batch {
		out = append(out, flatten(c)...)
	}
	return out
}
