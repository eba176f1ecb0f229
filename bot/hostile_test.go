package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// Whatever arrives as arguments, the answer is a sentence, nothing is sent that
// was not meant, and nothing hangs.
func TestHostileArguments(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	frames := len(f.cytube.Frames())
	for _, word := range []string{
		"", " ", "\x00", "\x1b[2J", "a\nb", "/kick Alice", "al ice", "ＡＬＩＣＥ", "\xff\xfe", "..", "*", "<b>", strings.Repeat("x", 10_000),
		strings.Repeat("é", 10_000), "-1", "99999999999999999999", "1e9", "NaN", "null", `"`, "'", "$(reboot)", "%s%n",
	} {
		for _, c := range tree() {
			if c.Asks || c.offline || c.Name == "say" || c.Name == "me" || c.Name == "setmotd" || c.Name == "poll" || c.Name == "hpoll" ||
				len(c.Args) == 0 || strings.HasPrefix(c.Name, "unban") {
				continue // without arguments, or they take any text
			}
			if c.Args[0].Type == bus.ArgName && isName(word) {
				continue // a name nobody has is one that can be banned
			}
			r := f.ask(c.Name, bus.Command{Args: []string{word}, DryRun: c.Args[0].Optional})
			if r.Status == bus.StatusNoEffect || r.Status == bus.StatusDone && !c.Bulk || r.Text == "" || len(r.Text) > 1000 || r.Text != room.CleanLines(r.Text) {
				t.Errorf("%s %.20q: %s %.200q", c.Name, word, r.Status, r.Text)
			}
		}
	}
	if sent := f.cytube.Frames()[frames:]; len(sent) > 0 {
		t.Errorf("sent %v", sent)
	}
	if r := f.ask("say", bus.Command{Args: []string{strings.Repeat("long words ", 1000)}}); r.Status != bus.StatusRefused || !strings.Contains(r.Text, "shorten it") {
		t.Errorf("%+v", r)
	}
	if r := f.ask("kick", bus.Command{Args: []string{"alice"}, Deadline: time.Now().Add(-time.Second).UnixMilli()}); r.Status != bus.StatusRefused || !strings.Contains(r.Text, "deadline") {
		t.Errorf("%+v", r)
	}
	if r := f.ask("say", bus.Command{Args: []string{strings.Repeat("x", maxArgs+1)}}); r.Status != bus.StatusRefused || r.Text != bus.ErrLineLong.Error() {
		t.Errorf("%.200v", r)
	}
	if r := f.ask("say", bus.Command{ID: strings.Repeat("x", maxID+1), Args: []string{"hi"}}); r.Status != bus.StatusRefused || !strings.Contains(r.Text, "id is too long") {
		t.Errorf("%.200v", r)
	}
	if l := f.witness.link(); l.State != room.LinkUp {
		t.Errorf("the bot is %+v", l)
	}
}

// A hundred commands at once come to their ends.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	f.films("Alien")
	f.want("add yt:alien-id no", bus.StatusDone, "")
	ends := make(chan string)
	for i := range 100 {
		go func() {
			verb, args := "settemp", []string{"1", []string{"yes", "no"}[i%2]}
			if i%3 == 0 {
				verb, args = "kick", []string{"nobody"}
			}
			r, err := bus.Do(testContext(t), f.op, "main", verb, bus.Command{ID: fmt.Sprint("m", i), Args: args})
			ends <- fmt.Sprint(verb, r.Status, err)
		}()
	}
	for range 100 {
		if end := <-ends; end != "settempdone<nil>" && end != "kickrefused<nil>" {
			t.Error(end)
		}
	}
}
