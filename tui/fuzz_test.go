package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"rosey/bus"
	"rosey/bus/room"
)

// checkCells fails unless each row of the view is exactly as wide as the
// screen, cell by cell, with nothing in it but text and colours.
func checkCells(tb testing.TB, m *model) {
	tb.Helper()
	content := m.View().Content
	if m.w < 1 || m.h < 1 || m.left {
		return
	}
	rows := strings.Split(content, "\n")
	if len(rows) != m.h {
		tb.Fatalf("%dx%d: %d rows in %s, dialog %T", m.w, m.h, len(rows), viewTable[m.shown].title, m.dialog())
	}
	for y, row := range rows {
		cells, state := 0, byte(0)
		for rest := row; rest != ""; {
			seq, width, n, next := decode(m.by, rest, state)
			if n == 0 {
				tb.Fatalf("row %d cannot be read on: %q", y, rest)
			}
			rest, state = rest[n:], next
			cells += width
			r, _ := utf8.DecodeRuneInString(seq)
			switch {
			case width > 0:
			case strings.HasPrefix(seq, "\x1b[") && strings.HasSuffix(seq, "m"):
			case r < ' ' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
				tb.Fatalf("row %d has %q in it: %q", y, seq, row)
			}
		}
		if cells != m.w {
			tb.Fatalf("%dx%d: row %d has %d cells (%d): %+q", m.w, m.h, y, cells, m.by.StringWidth(row), row)
		}
	}
}

func decode(by ansi.Method, s string, state byte) (seq string, width, n int, next byte) {
	if by == ansi.GraphemeWidth {
		return ansi.DecodeSequence(s, state, nil)
	}
	return ansi.DecodeSequenceWc(s, state, nil)
}

// fuzzKeys are the keys that a fuzzed hand presses.
var fuzzKeys = func() []tea.KeyPressMsg {
	var keys []tea.KeyPressMsg
	names := make([]string, 0, len(keysByName))
	for n := range keysByName {
		if n != "ctrl+c" {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	for _, n := range names {
		keys = append(keys, keysByName[n])
	}
	for _, c := range "abcdghijklmnopsrtuxyzGKHBJLMNST/?>1234@\"' 日é👨" {
		keys = append(keys, tea.KeyPressMsg{Code: c, Text: string(c)})
	}
	return keys
}()

// hostile makes an update of a kind out of text that somebody else wrote.
func hostile(kind byte, text string) bus.Update {
	who := user(text, float64(kind%6))
	who.Meta.Aliases, who.Meta.IP = []string{text}, text
	switch kind % 16 {
	case 0:
		return event(&room.PM{User: text, Recipient: text, Content: text})
	case 1:
		return event(&room.UserJoin{User: text, UserData: who})
	case 2:
		return event(&room.UserList{Users: []room.User{who, user("bob", 1), user("Rosey", 3)}})
	case 3:
		return event(&room.MediaChange{Media: room.Media{Title: text, Seconds: float64(kind)}, Time: evening.UnixMilli()})
	case 4:
		return event(&room.PollOpened{Poll: room.Poll{Title: text, Options: []string{text, "b"}, Counts: []string{text}}})
	case 5:
		return event(&room.Action{ID: text, Actor: text, Verb: text, Target: text, Reason: text, Line: text, Text: text, Status: "done", Undo: text, Took: int64(kind)})
	case 6:
		return event(&room.Handover{Text: text, By: text, Time: evening.UnixMilli()})
	case 7:
		return event(&room.Connection{State: room.LinkDown, Reason: text, RetryAt: evening.UnixMilli() + 1e5})
	case 8:
		return event(&room.Connection{State: room.LinkUp})
	case 9:
		return event(&room.Playlist{Items: []room.Item{{UID: int(kind), QueueBy: text, Media: room.Media{ID: text, Title: text, Seconds: 3}}}})
	case 10:
		return event(&room.Notice{Kind: room.NoticeAnnouncement, Text: text, From: text, Link: text})
	case 11:
		return event(&room.Emotes{Emotes: []room.Emote{{Name: text, Image: text}}})
	case 12:
		return bus.Update{Kind: bus.UpdateBotLost}
	case 13:
		st := movieNight()
		st.Users, st.Self.Name, st.Handover.Text = append(st.Users, who), text, text
		room.CleanAll(&st) // as bus.Request does
		return bus.Update{Kind: bus.UpdateState, State: room.Restore(st)}
	case 14:
		return event(&room.Message{User: "[server]", Server: true, Style: room.StyleWhisper, Content: text, Time: evening.UnixMilli()})
	}
	return event(&room.Message{User: text, Content: text, Time: evening.UnixMilli(), Spans: []room.Span{{Text: text, Link: text, Kind: room.SpanLink}}})
}

// hostileBot answers everything with text that somebody else wrote.
func hostileBot(a *answers, text string) {
	a.reply = bus.CommandReply{Status: bus.StatusPreview, Text: text, Targets: []string{text, "two"}, Confirm: text, Warning: text, Undo: text}
	a.db = map[string]any{
		bus.SubjectUsers:                 bus.TopReply{Users: []bus.UserStats{{Username: text, FirstSeen: 1, LastSeen: evening.Unix(), ChatLines: -5, TimeConnected: 1 << 60}}},
		bus.SubjectUserStats:             bus.UserStatsReply{User: &bus.UserStats{Username: text, ChatLines: 1 << 60, Notes: 3}},
		bus.SubjectChatSearch:            bus.ChatSearchReply{Hits: []bus.ChatHit{{ID: 1, Time: 5, User: text, Text: text}, {ID: 2, Time: 9, User: "bob", Text: text}}, More: true},
		bus.SubjectActions:               bus.ActionsReply{Rows: []bus.ActionRow{{Username: text, Action: text, Reason: text, Outcome: bus.CommandStatus(text)}}},
		bus.SubjectNotes:                 bus.NotesReply{Notes: []bus.NoteWrite{{Text: text, By: text}}},
		bus.HistorySubject("movienight"): bus.HistoryReply{Events: []bus.Envelope{{Seq: 1, Time: 3, Event: "message", Data: []byte(`{"user":"x"}`)}}},
	}
}

// poke does one thing to the model: what is chosen by a byte, how by another.
func poke(m *model, bot *answers, what, how byte, text string) tea.Cmd {
	var cmd tea.Cmd
	switch what % 12 {
	case 0:
		m.Update(tea.WindowSizeMsg{Width: 1 + int(how)*2, Height: 1 + int(how>>1)})
	case 1:
		u := hostile(how, text)
		if u.Event != nil {
			room.CleanAll(u.Event) // as whatever decodes an envelope does
		}
		m.Update(updates("movienight", u))
	case 2:
		m.Update(tea.PasteMsg{Content: text})
	case 3:
		x, y := int(how)%max(1, m.w), int(how)*7%max(1, m.h)
		for _, msg := range []tea.Msg{tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}, tea.MouseMotionMsg{X: y, Y: y, Button: tea.MouseLeft}, tea.MouseReleaseMsg{X: y, Y: x}, tea.MouseWheelMsg{X: x, Y: y, Button: tea.MouseWheelUp}} {
			_, cmd = m.Update(msg)
		}
	case 4:
		m.Update(tea.ColorProfileMsg{Profile: []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI, colorprofile.ASCII}[how%3]})
	case 5:
		_, cmd = m.Update(tickMsg(m.now.Add(time.Duration(how) * time.Second)))
		armed(m)
	case 6:
		hostileBot(bot, text)
	case 7:
		m.Update(linkMsg{bus.Link{State: []room.LinkState{room.LinkUp, room.LinkDown}[how%2], Reason: text, URL: text}})
	case 8:
		p := bus.Presence{Console: fmt.Sprint(how), Operator: text, Acting: text}
		room.CleanAll(&p)
		m.Update(batchMsg{at: m.now, updates: []roomUpdate{{presence: &p}}})
	default:
		_, cmd = m.Update(fuzzKeys[int(how)%len(fuzzKeys)])
	}
	return cmd
}

// settleNow runs what a command asks of the bot and the database; it leaves
// clocks alone, so that nothing waits and each run of an input is the same.
func settleNow(m *model, cmd tea.Cmd) {
	for todo := []tea.Cmd{cmd}; len(todo) > 0 && len(todo) < 100; {
		next := todo[0]
		todo = todo[1:]
		if next == nil || isClock(next) {
			continue
		}
		switch got := next().(type) {
		case tea.BatchMsg:
			todo = append(todo, got...)
		case answer, errandMsg, sentMsg:
			_, more := m.Update(got)
			todo = append(todo, more)
		}
	}
}

// FuzzModel has a hostile room and a wild hand at the console. To fuzz it for
// minutes, say -fuzzminimizetime 1x: an input is long and takes 30 ms, and the
// engine would spend its time on shortening the few that it has found.
func FuzzModel(f *testing.F) {
	evil := "\x1b]52;c;aGk=\a\x1b[2J\u009b31m\u202eevil\u0300\u0301\u0302\U000E0041👨‍👩‍👧日本\ufe0f\x00\n\t"
	f.Add([]byte{0, 40, 9, 3, 9, 60, 10, 5, 1, 1}, "plain text")
	f.Add([]byte{6, 0, 1, 13, 9, 20, 9, 21, 9, 22, 9, 23, 0, 19, 5, 1, 1, 5, 3, 9}, evil)
	for i := range byte(len(fuzzKeys)) {
		f.Add([]byte{6, 0, 1, i, 9, i, 9, i + 7, 0, i * 5, 9, i * 3, 5, 1, 3, i, 9, i + 30, 0, 40, 9, i + 50}, evil)
	}
	f.Fuzz(func(t *testing.T, ops []byte, text string) {
		if len(ops) > 120 || len(text) > 2000 {
			t.Skip("too long to be worth its time")
		}
		m, bot := operate(t, 100, 30)
		m.addRoom("den") // for two side by side
		for i := 0; i+1 < len(ops); i += 2 {
			settleNow(m, poke(m, bot, ops[i], ops[i+1], text))
			checkCells(t, m)
		}
	})
}
