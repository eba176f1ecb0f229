package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// pacedModel is a console whose terminal has been asked and has answered at
// once; waits are what the pump was told.
func pacedModel(t *testing.T) (m *model, waits *[]time.Duration) {
	t.Helper()
	m, _ = sceneModel(t, 100, 30)
	waits = &[]time.Duration{}
	m.pace = pace{frame: frame, throttle: func(d time.Duration) { *waits = append(*waits, d) }}
	m.View()
	m.Update(askTerminalMsg(evening))
	m.Update(answeredMsg(evening.Add(time.Millisecond)))
	return m, waits
}

func tells(m *model, text string) {
	m.Update(updates("movienight", event(message("21:05", "bob", text))))
}

func TestASlowLinkGetsAFrameWhenItHasTakenTheLast(t *testing.T) {
	m, waits := pacedModel(t)
	tells(m, "one of a fast link")
	shows(t, m, "one of a fast link")
	m.Update(askTerminalMsg(evening))
	m.Update(lateMsg{m.pace.question, evening.Add(time.Second)})
	tells(m, "two, and")
	tells(m, "three come too fast")
	if s := strings.Join(screen(m), "\n"); strings.Contains(s, "two, and") {
		t.Error("drawn before the terminal had taken the frame before")
	}
	m.Update(answeredMsg(evening.Add(2 * time.Second)))
	shows(t, m, "two, and")
	shows(t, m, "three come too fast")
	if last := (*waits)[len(*waits)-1]; last <= frame {
		t.Errorf("batches come every %v", last)
	}
	if _, cmd := m.Update(askTerminalMsg(evening.Add(3 * time.Second))); cmd == nil {
		t.Error("the terminal is not asked again")
	}
	m.Update(answeredMsg(evening.Add(3*time.Second + 2*time.Millisecond))) // a big frame, at once
	tells(m, "fast again")
	shows(t, m, "fast again")
	tells(m, "and again")
	shows(t, m, "and again")
	if last := (*waits)[len(*waits)-1]; last != frame {
		t.Errorf("batches come every %v", last)
	}
}

func TestATerminalThatNeverAnswersIsLeftInPeace(t *testing.T) {
	m, _ := sceneModel(t, 100, 30)
	m.pace = pace{frame: frame, throttle: func(time.Duration) {}}
	m.View()
	m.Update(askTerminalMsg(evening))
	m.Update(lateMsg{m.pace.question, evening.Add(time.Second)})
	tells(m, "seen meanwhile")
	shows(t, m, "seen meanwhile")
	m.Update(lateMsg{m.pace.question, evening.Add(deaf + time.Second)})
	for i := range 3 {
		tells(m, fmt.Sprint("line ", i))
		shows(t, m, fmt.Sprint("line ", i))
	}
	if cmd := m.pace.next(); cmd != nil {
		t.Error("it is asked again")
	}
}

// An answer can be lost: one that comes while something is pasted is.
func TestALostAnswerStopsNothingForGood(t *testing.T) {
	m, _ := pacedModel(t)
	tells(m, "before the question")
	m.View()
	m.Update(askTerminalMsg(evening))
	if _, again := m.Update(lateMsg{m.pace.question, evening.Add(time.Second)}); again == nil {
		t.Fatal("nobody looks again for the answer")
	}
	tells(m, "while it is waited for")
	hides(t, m, "while it is waited for")
	m.Update(lateMsg{m.pace.question, evening.Add(deaf + time.Second)})
	shows(t, m, "while it is waited for")
	if _, ask := m.Update(askTerminalMsg(evening.Add(deaf + 2*time.Second))); ask == nil {
		t.Error("the terminal is not asked again")
	}
}

// Whoever looks for an answer that has come does not go on with the next
// question's, which is looked for itself.
func TestEachAnswerIsLookedForOnce(t *testing.T) {
	m, _ := pacedModel(t)
	tells(m, "before the question")
	m.View()
	m.Update(askTerminalMsg(evening))
	old := lateMsg{m.pace.question, evening.Add(time.Second)}
	m.Update(old)
	m.Update(answeredMsg(evening.Add(1500 * time.Millisecond)))
	tells(m, "before the next")
	m.View()
	m.Update(askTerminalMsg(evening.Add(1600 * time.Millisecond)))
	if m.pace.asked.IsZero() {
		t.Fatal("there is no next question")
	}
	old.at = evening.Add(10 * time.Second)
	if _, again := m.Update(old); again != nil {
		t.Error("the first one's looks go on")
	}
	if _, again := m.Update(lateMsg{m.pace.question, old.at}); again == nil {
		t.Error("nobody looks for the next one's")
	}
}

// An answer that comes after the console has gone would be typed into the shell.
func TestLeavingWaitsForTheTerminalsAnswer(t *testing.T) {
	m, _ := pacedModel(t)
	tells(m, "something to draw")
	m.View()
	m.Update(askTerminalMsg(evening))
	m.quit()
	_, cmd := m.Update(answeredMsg(evening.Add(time.Millisecond)))
	if cmd == nil {
		t.Fatal("it does not leave")
	}
	if _, ok := cmd().(tea.QuitMsg); !ok {
		t.Error("it does not leave at the answer")
	}
}

// What a flood pushed out of the scrollback is there when one pages back.
func TestAFloodIsAllThereAfterwards(t *testing.T) {
	const n, scrollback = 6000, 500
	l := newLibrary(n, n)
	m := attach(t, l, 1, scrollback)
	m.room().log.clear()
	var b batchMsg
	for i, env := range l.events {
		e, err := room.Decode(env.Event, env.Data)
		if err != nil {
			t.Fatal(err)
		}
		b.updates = append(b.updates, roomUpdate{room: "movienight", Update: bus.Update{Kind: bus.UpdateEvent, Seq: env.Seq, Time: env.Time, Event: e}})
		if len(b.updates) == 167 || i == n-1 { // a frame's share of 5,000 a second
			b.at = evening
			m.Update(b)
			b.updates = nil
		}
		if held := len(m.room().log.lines); held > scrollback+pruneSlack {
			t.Fatalf("%d lines in memory", held)
		}
	}
	seen, first := map[string]bool{}, false
	look := func() {
		for _, row := range screen(m) {
			if _, rest, ok := strings.Cut(row, "bob  line "); ok {
				number, _, _ := strings.Cut(rest, " ")
				seen[number], first = true, first || number == "1"
			}
		}
	}
	look()
	for page := 0; !first && page < n; page++ {
		settle(m, press(t, m, "pgup"))
		look()
	}
	if len(seen) != n {
		t.Errorf("%d of %d lines were seen on the way back", len(seen), n)
	}
}

// The first screen takes seconds on a slow link, and its answer as long.
func TestASlowFirstAnswerIsASlowLink(t *testing.T) {
	m, _ := sceneModel(t, 100, 30)
	m.pace = pace{frame: frame, throttle: func(time.Duration) {}}
	m.View()
	m.Update(askTerminalMsg(evening))
	m.Update(answeredMsg(evening.Add(3 * time.Second)))
	tells(m, "one")
	shows(t, m, "one")
	tells(m, "two")
	hides(t, m, "two")
	m.Update(askTerminalMsg(evening.Add(4 * time.Second)))
	m.Update(answeredMsg(evening.Add(5 * time.Second)))
	shows(t, m, "two")
}
