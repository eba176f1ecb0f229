package tui

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
)

func TestEveryViewOpensByItsKeyAndItsTwin(t *testing.T) {
	for i, row := range viewTable {
		if int(row.id) != i {
			t.Fatalf("%s stands in row %d", row.title, i)
		}
		for _, k := range row.keys {
			m, _ := sceneModel(t, 120, 40)
			m.open(viewLog)
			press(t, m, k)
			if m.shown != row.id {
				t.Errorf("%s does not open %s", k, row.title)
			}
			requireShape(t, m, 120, 40)
		}
	}
}

func TestKeysOfEverywhereAreTakenOnce(t *testing.T) {
	m, _ := sceneModel(t, 80, 24)
	taken := map[string]string{}
	for _, d := range m.everywhere() {
		for _, k := range d.key.Keys() {
			if other, ok := taken[k]; ok {
				t.Errorf("%s is %q and %q", k, other, d.key.Help().Desc)
			}
			taken[k] = d.key.Help().Desc
		}
	}
}

func TestThePaletteFindsByLetters(t *testing.T) {
	m, _ := sceneModel(t, 100, 30)
	press(t, m, "ctrl+p")
	shows(t, m, "F3")
	requireShape(t, m, 100, 30)
	typeText(m, "clr")
	shows(t, m, "/clear")
	press(t, m, "ctrl+u")
	typeText(m, "plylst")
	press(t, m, "enter")
	if m.shown != viewPlaylist || m.dialog() != nil {
		t.Errorf("shown %d, dialog %v", m.shown, m.dialog())
	}
	press(t, m, "ctrl+p")
	m.Update(tea.PasteMsg{Content: "zzzz"})
	shows(t, m, "nothing of that name")
	press(t, m, "enter", "esc")
	if m.dialog() != nil {
		t.Error("esc leaves the palette open")
	}
}

// What was typed before a dangerous question was seen must not answer it.
func TestADangerousQuestionSwallowsKeysUntilItWasSeen(t *testing.T) {
	m, _ := sceneModel(t, 80, 24)
	hit := 0
	do := func(*model) tea.Cmd { hit++; return nil }
	q := &question{
		title: "Ban bob?", danger: true,
		body:    func(*model, int) []string { return []string{"he will not be able to come back"} },
		buttons: []button{{"n", "Leave bob alone", nil}, {"y", "Ban bob", do}},
	}
	cmd := m.push(q)
	press(t, m, "y", "tab", "enter")
	if hit != 0 || m.dialog() == nil || q.at != 0 {
		t.Fatal("a key was taken during the grace")
	}
	m.Update(cmd()) // the grace is over
	press(t, m, "enter")
	if hit != 0 || m.dialog() != nil {
		t.Error("enter is not the safe button")
	}
	m.push(q)
	q.arm()
	press(t, m, "y")
	if hit != 1 {
		t.Error("y does not answer")
	}
}

func TestAQueryAsksOneThingAtATime(t *testing.T) {
	m, _ := sceneModel(t, 80, 24)
	var asked []any
	fail := errors.New("not yet")
	m.deps.ask = func(_ string, req, reply any) error {
		asked = append(asked, req)
		reply.(*bus.TopReply).Users = []bus.UserStats{{Username: req.(string)}}
		return fail
	}
	var q query[bus.TopReply]
	first := q.ask(m, "subject", "one", nil)
	if q.ask(m, "subject", "two", nil) != nil || q.ask(m, "subject", "three", nil) != nil {
		t.Fatal("asked while a question is under way")
	}
	_, next := m.Update(first())
	if q.known || q.trouble() != "not yet" {
		t.Errorf("after a failure: known %v, trouble %q", q.known, q.trouble())
	}
	fail = nil
	m.Update(next())
	if len(asked) != 2 || !q.known || q.reply.Users[0].Username != "three" || q.trouble() != "" {
		t.Errorf("asked %v, reply %+v, trouble %q", asked, q.reply, q.trouble())
	}
}

func TestClickingARoomShowsIt(t *testing.T) {
	o := testOptions()
	o.Rooms = []string{"movienight", "anime"}
	m, _ := testModel(t, o, 120, 30)
	x := strings.Index(screen(m)[0], "anime") - len("│") + 1
	m.Update(tea.MouseClickMsg{X: x, Y: 0, Button: tea.MouseLeft})
	if m.room().name != "anime" {
		t.Error("the click did not show the room")
	}
}

// oldKey is what every terminal sends, tmux and a console without modifiers
// included: no ctrl or shift with anything but a letter, no shift+F-key. alt is
// the escape character before the key, so alt+O and alt+[ begin other keys.
var oldKey = regexp.MustCompile(`^(ctrl\+[a-z]|[!-~]|alt\+[!-NP-Z\\-~]|f([1-9]|10)|up|down|left|right|home|end|pgup|pgdown|delete|backspace|space|enter|tab|shift\+tab|esc)$`)

func TestOldTerminalsCanSendEveryKey(t *testing.T) {
	k := defaultKeys()
	for name, b := range k.named() {
		if !slices.ContainsFunc(b.Keys(), oldKey.MatchString) {
			t.Errorf("%s has only %q, which an old terminal cannot send", name, b.Keys())
		}
	}
}
