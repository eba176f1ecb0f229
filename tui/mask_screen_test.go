package tui

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"rosey/bus"
	"rosey/bus/room"
)

// userAnswer is what the bot answers about a person, to its operators alone.
const userAnswer = "User: bob / IP: +Av.YN4.AaT.A8p / Uncloaked: 198.18.0.1, 1.2.3.4"

// leaks fails where a text has one of the addresses of userAnswer.
func leaks(t *testing.T, where, text string) {
	t.Helper()
	for _, address := range []string{"YN4.AaT.A8p", "198.18.0.1", "1.2.3.4"} {
		if strings.Contains(text, address) {
			t.Errorf("%s has %s:\n%s", where, address, text)
		}
	}
	if !strings.Contains(text, "+Av.x.x.x") || !strings.Contains(text, "198.18.x.x") {
		t.Errorf("%s does not show the answer at all:\n%s", where, text)
	}
}

func TestAddressesInAnswersAreMaskedWhereverTheyCanBeSeen(t *testing.T) {
	m, _ := sceneModel(t, 140, 40)
	m.opts.DataDir = t.TempDir()
	m.Update(updates("movienight", event(&room.PM{User: "Rosey", Recipient: "mod2", Content: userAnswer, Time: clockAt("21:05")})))
	leaks(t, "the chat", strings.Join(screen(m), "\n"))
	leaks(t, "a plain line", (&plainConsole{m: m}).format(m.room(), m.room().log.lines[len(m.room().log.lines)-1]))
	leaks(t, "a copy", reflect.ValueOf(press(t, m, "esc", "y")()).String())
	m.Update(m.savePicture()())
	for _, end := range []string{".txt", ".ansi", ".svg"} {
		leaks(t, "the picture "+end, pictureOf(t, m.opts.DataDir, end))
	}
	m.deps.ask = func(string, any, any) error { return bus.ErrNobody }
	m.Update(m.saveEvidence()())
	leaks(t, "evidence", readSaved(t, m.opts.DataDir, ".md"))
}

// pictureOf is the one picture with that ending, as text alone.
func pictureOf(t *testing.T, dir, end string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "pictures", "*"+end))
	if err != nil || len(paths) != 1 {
		t.Fatalf("%s: %q, %v", end, paths, err)
	}
	text, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAddressesInACommandsAnswerAreMasked(t *testing.T) {
	m, a := operate(t, 140, 40)
	a.reply = bus.CommandReply{Status: bus.StatusDone, Text: userAnswer, Undo: "unban 198.18.0.1"}
	v := m.room()
	info := bus.CommandInfo{Name: "user", Asks: true, Args: []bus.ArgInfo{{Name: "user", Type: bus.ArgUser}}}
	p := &shellPage{said: []shellEntry{{room: v.name, typed: "user bob"}}}
	e := newErrand(m, v, info, []string{"bob"})
	settle(m, m.send(e))
	leaks(t, "the answer under the chat", v.log.lines[len(v.log.lines)-1].text())
	e = newErrand(m, v, info, []string{"bob"})
	e.tell = func(_ *model, r bus.CommandReply) { p.answered("user bob", v.name, r) }
	settle(m, m.send(e))
	leaks(t, "the shell", p.said[0].answer)
	if e.reply.Undo != "unban 198.18.0.1" {
		t.Errorf("what takes it back was changed: %q", e.reply.Undo)
	}
	var out strings.Builder
	c := &plainConsole{m: m, out: &out}
	c.answered(errandMsg{errand: e, reply: a.reply})
	leaks(t, "the plain answer", out.String())
	v.takeAction(room.Action{ID: "x", Actor: "mod2", Verb: "ipban", Line: "ipban bob", Status: "refused", Text: userAnswer}, clockAt("21:06"))
	leaks(t, "another console's action", v.log.lines[len(v.log.lines)-1].text())
}

func TestWhatPeopleWriteIsTheirsAndVersionsAreNoAddresses(t *testing.T) {
	st := movieNight()
	for _, e := range []room.Event{
		message("21:00", "bob", "try 198.18.0.1"),
		&room.PM{User: "bob", Recipient: "Rosey", Content: "try 198.18.0.1"},
		&room.MediaChange{Media: room.Media{Title: "Evangelion 1.2.3.4 at 198.18.0.1"}},
	} {
		if text := lineOf(st, e, 1).text(); !strings.Contains(text, "198.18.0.1") {
			t.Errorf("%T: %s", e, text)
		}
	}
	if got := veiledAnswer("Now: Rebuild 1.2.3.4 (12:41)"); got != "Now: Rebuild 1.2.3.4 (12:41)" {
		t.Error(got)
	}
	notice := lineOf(st, &room.Notice{Text: "Accepted connection from 2001:db8::7"}, 1)
	if got := notice.text(); got != "Accepted connection from 2001:x" {
		t.Error(got)
	}
}
