package bot

import (
	"fmt"
	"testing"
	"time"

	"rosey/bot/cytube/cytubetest"
	"rosey/bus"
	"rosey/bus/room"
)

// BenchmarkCommandToFrame asks for one command after the other over TCP and
// measures how long after the request its frame has reached CyTube, which has
// the websocket and the test server's reading in it. outcome-* is the whole way
// to the reply, the echo from CyTube included. Lines of chat are left out: the
// server's throttle sets their pace.
func BenchmarkCommandToFrame(b *testing.B) {
	w := newWorld(b)
	w.channel.Inject(cytubetest.Media{ID: "a", Title: "a", Seconds: 600, Type: "yt"}, false, "Alice")
	w.bot("bench")
	s := w.watch("main")
	s.until(room.LinkUp)
	op := w.connect(bus.RoleOperator)
	ask := func(i int) bus.CommandReply {
		word := []string{"yes", "no"}[i%2]
		r, err := bus.Request[bus.CommandReply](testContext(b), op, bus.CommandSubject("main", "settemp"),
			bus.Command{ID: fmt.Sprint("b", i), Operator: "bench", Args: []string{"1", word}})
		if err != nil {
			b.Fatal(err)
		}
		return r
	}
	for i := range 200 {
		ask(1_000_000 + i) // the first ones build what the next ones find
	}
	last := uint64(0)
	for _, f := range w.cytube.Frames() {
		last = f.Seq
	}
	var frame, whole []time.Duration
	b.ResetTimer()
	for i := range b.N {
		start := time.Now()
		if r := ask(i); r.Status != bus.StatusDone {
			b.Fatalf("%+v", r)
		}
		whole = append(whole, time.Since(start))
		f, err := w.cytube.WaitFrame(testContext(b), last, func(f cytubetest.Frame) bool { return f.Event == "setTemp" })
		if err != nil {
			b.Fatal(err)
		}
		last = f.Seq
		frame = append(frame, f.At.Sub(start))
	}
	b.StopTimer()
	report(b, "frame", frame)
	report(b, "outcome", whole)
}
