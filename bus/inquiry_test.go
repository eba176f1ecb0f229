package bus

import (
	"testing"
	"time"
)

// inquiryBench lets seconds pass in which things are said, and counts the
// questions that come of it.
type inquiryBench struct {
	q         inquiry
	at        time.Time
	seq       uint64 // where the room stands
	ours      uint64 // what was handed over
	questions int
	last      time.Time
	t         *testing.T
}

func newInquiryBench(t *testing.T) *inquiryBench {
	b := &inquiryBench{t: t, at: time.Unix(1_700_000_000, 0), seq: 100}
	b.look(false)
	return b
}

// look is a turn of the watcher's loop; what is asked is answered at once.
func (b *inquiryBench) look(synced bool) {
	if !b.q.due(b.at, b.ours, synced) {
		return
	}
	if b.questions > 0 && b.at.Sub(b.last) < askLeast {
		b.t.Errorf("asked twice within %s", b.at.Sub(b.last))
	}
	b.q.ask(b.at)
	b.q.answered(b.at, b.seq, b.ours, synced)
	b.ours, b.last = b.seq, b.at
	b.questions++
}

// pass lets time pass and says something every tenth of a second.
func (b *inquiryBench) pass(d time.Duration, say func()) (questions int) {
	before := b.questions
	for end := b.at.Add(d); b.at.Before(end); b.at = b.at.Add(100 * time.Millisecond) {
		say()
		b.look(true)
	}
	return b.questions - before
}

func TestInquiryOfNothing(t *testing.T) {
	b := newInquiryBench(t)
	if n := b.pass(time.Hour, func() {}); b.questions != 1 || n != 0 {
		t.Errorf("%d questions of which %d when nothing was wrong", b.questions, n)
	}
}

// TestInquiryOfForgedNumbers: numbers that no answer bears out are asked about
// ever less often; one that is missing in truth is not held up by them.
func TestInquiryOfForgedNumbers(t *testing.T) {
	b := newInquiryBench(t)
	forged := func() { b.q.ahead(1 << 40) }
	first := b.pass(time.Minute, forged)
	if first > 8 {
		t.Errorf("%d questions in the first minute of a forged number", first)
	}
	if n := b.pass(10*time.Minute, forged); n > 10*60/16+1 || n < 10*60/16-1 {
		t.Errorf("%d questions in ten further minutes, want one each 16 s", n)
	}
	b.at = b.at.Add(askLeast)
	b.seq += 2
	if n := b.pass(100*time.Millisecond, func() { forged(); b.q.ahead(b.seq) }); n != 1 {
		t.Errorf("%d questions about an event that is missing in truth", n)
	}
}

// TestInquiryAfterAForgedNumberIsPassed: when the room has come past a number
// that was not borne out, one that is missing above it is asked about at once.
func TestInquiryAfterAForgedNumberIsPassed(t *testing.T) {
	b := newInquiryBench(t)
	b.pass(time.Minute, func() { b.q.ahead(110) })
	b.seq, b.ours = 120, 120 // events in order
	b.at = b.q.asked.Add(askLeast)
	b.seq += 2
	if n := b.pass(100*time.Millisecond, func() { b.q.ahead(b.seq) }); n != 1 {
		t.Errorf("%d questions about an event that is missing in truth", n)
	}
}

// TestInquiryOfManyForgedNumbers: whatever the numbers, one question a second.
func TestInquiryOfManyForgedNumbers(t *testing.T) {
	b := newInquiryBench(t)
	n := uint64(1 << 40)
	if asked := b.pass(time.Minute, func() { n--; b.q.ahead(n); b.q.another = true }); asked > 60 {
		t.Errorf("%d questions in a minute", asked)
	}
}

// TestInquiryOfHeartbeatsBehind: three in a row lead to a question, and where
// the state is ahead of what is published, to ever fewer.
func TestInquiryOfHeartbeatsBehind(t *testing.T) {
	b := newInquiryBench(t)
	b.at = b.at.Add(time.Minute)
	b.ours = 1000 // of which the bot knows nothing
	for beat := 1; beat <= behindBeats; beat++ {
		b.q.behind++
		b.look(true)
		if asked := b.questions > 1; asked != (beat == behindBeats) {
			t.Fatalf("after %d heartbeats asked: %v", beat, asked)
		}
	}
	if b.ours != 100 {
		t.Fatalf("ours is %d after the answer", b.ours)
	}
	if n := b.pass(10*time.Minute, func() { b.q.behind++ }); n > 10*60/16+5 {
		t.Errorf("%d questions while the bot publishes late", n)
	}
}

// TestInquiryWithoutAnAnswer: nobody is there, so every two seconds will do;
// when somebody speaks it is asked as soon as it may be.
func TestInquiryWithoutAnAnswer(t *testing.T) {
	var q inquiry
	at := time.Unix(1_700_000_000, 0)
	if !q.due(at, 0, false) {
		t.Fatal("the first question waits")
	}
	q.ask(at)
	q.unanswered(at)
	if q.due(at.Add(askAgain-1), 0, false) || !q.due(at.Add(askAgain), 0, false) {
		t.Error("want the next question after", askAgain)
	}
	q.hurry()
	if q.due(at.Add(askLeast-1), 0, false) || !q.due(at.Add(askLeast), 0, false) {
		t.Error("want the next question after", askLeast)
	}
}
