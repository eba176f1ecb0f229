// Package tui is the operators' console: one tea.Model with plain structs
// under it.
//
// What happens in the rooms arrives over the bus, is gathered by one pump into
// a batch at most every 33 ms, and is folded by room.Apply. Update and View do
// no I/O and read no clock: the time comes with ticks and batches, and what
// must wait (sending, asking for a round trip) runs in a tea.Cmd that returns
// a typed message.
package tui

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/config"
	"rosey/migrate"
)

// framesPerSecond bounds how often the terminal is written to: as often as the
// pump brings something new. A serial line carries a new line of chat in about
// a second at 9,600 baud.
const (
	framesPerSecond     = 30
	slowFramesPerSecond = 2
	batchesPerFrame     = 4
)

// fps is how often the terminal is written to at most.
func fps(o Options) int {
	switch {
	case o.TUI.MaxFPS > 0:
		return o.TUI.MaxFPS
	case o.Slow:
		return slowFramesPerSecond
	}
	return framesPerSecond
}

// Options say what to show and for whom.
type Options struct {
	Conn        *bus.Conn
	Rooms       []string // to watch; empty: ask the bus until a bot answers
	TUI         config.TUI
	Warnings    []config.Problem // of the config, to be told
	Theme       string           // to wear instead of the config's; empty: that, or the one that was chosen last
	ReadOnly    bool             // no input line; the viewer's credentials are what enforces it
	Demo        bool             // say in the header that the room is made up
	Hosts       []string         // the services that end with the console; empty: they run elsewhere
	Operator    string
	Version     string
	ThemeDir    string              // of the person's own themes; empty: none
	HistoryFile string              // keeps what is entered for the next session; empty: nothing is kept
	MemoryFile  string              // keeps what is chosen in the console; empty: nothing is kept
	Logger      *slog.Logger        // nil: no log
	Config      string              // the file that TUI came from and is read again from; empty: none
	DataDir     string              // where evidence and pictures are saved
	Slow        bool                // the terminal hangs on a serial line: draw seldom
	Env         func(string) string // the environment, for what the terminal can; nil: nothing is known

	// Migration is for the wizard of F9. Without a Conn the console opens on it
	// alone, and comes alive when the wizard has started services.
	Migration *Migration
}

// Run shows the console until the person leaves it or ctx ends, and gives the
// terminal back in every case. An error says what broke; leaving is none.
func Run(ctx context.Context, o Options) error {
	return run(ctx, o, tea.WithoutSignalHandler())
}

// run is Run with the program's options open to tests.
func run(ctx context.Context, o Options, with ...tea.ProgramOption) error {
	ctx, cancel := context.WithCancel(ctx)
	shop := newWorkshop(ctx)
	defer shop.busy.Wait()
	defer cancel()
	plugged := make(chan Options, 1)
	shop.plug = func(o Options) deps {
		select {
		case plugged <- o:
		case <-ctx.Done(): // nobody looks any more
		}
		return reach(ctx, o, shop)
	}
	d := reach(ctx, o, shop)
	if o.Conn != nil {
		plugged <- o
	}
	return show(ctx, o, d, func(ctx context.Context, p *pump, send func(tea.Msg)) { feedPlugged(ctx, plugged, p, send) }, with...)
}

// reach are the model's ways out: over the bus, and to what the wizard works
// with.
func reach(ctx context.Context, o Options, shop workshop) deps {
	d := nowhere(o)
	if o.Conn != nil {
		d = connected(ctx, o)
	}
	d.workshop, d.wizardry = shop, wizardry{migrate.Verify, probeNATS}
	d.entered = readInputHistory(o.HistoryFile)
	d.memory = recallMemory(o.MemoryFile, o.Logger)
	return d
}

// nowhere is for a console that has no bus yet.
func nowhere(o Options) deps {
	own, broken := userThemes(o.ThemeDir)
	return deps{
		themes: own, broken: broken,
		request: func(string, string, bus.Command) (bus.CommandReply, error) {
			return bus.CommandReply{}, bus.ErrUnreachable
		},
		ask: func(string, any, any) error { return bus.ErrUnreachable },
		rtt: func() (time.Duration, error) { return 0, bus.ErrUnreachable },
	}
}

// connected are the model's ways out, over the bus.
func connected(ctx context.Context, o Options) deps {
	own, broken := userThemes(o.ThemeDir)
	return deps{
		themes: own, broken: broken,
		present: func(p bus.Presence) {
			// What fails here is the link's own news, and the next word is due soon.
			_ = bus.SayPresence(o.Conn, p)
		},
		request: func(room, verb string, cmd bus.Command) (bus.CommandReply, error) {
			return bus.Do(ctx, o.Conn, room, verb, cmd)
		},
		ask:        func(subject string, req, reply any) error { return askBus(ctx, o.Conn, subject, req, reply) },
		rtt:        func() (time.Duration, error) { return o.Conn.RTT(ctx) },
		busSources: busSourcesOf(ctx, o.Conn),
	}
}

// leaveWait is how long the console may take to leave when it is told to.
const leaveWait = 2 * time.Second

// tellToLeave tells a console to leave, and ends one that has not in time, be it
// that it takes no word any more. Who is told still takes what the terminal was
// asked for: it would come into the shell.
func tellToLeave(send func(tea.Msg), kill func()) {
	time.AfterFunc(leaveWait, kill)
	send(toldMsg{})
}

// show runs the program with source feeding it, and returns when both have
// ended.
func show(ctx context.Context, o Options, d deps, source func(context.Context, *pump, func(tea.Msg)), with ...tea.ProgramOption) error {
	log := o.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	feeding, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()

	first := newModel(o, d)
	cut, kill := context.WithCancel(context.WithoutCancel(ctx))
	defer kill()
	p := tea.NewProgram(first, append([]tea.ProgramOption{tea.WithContext(cut), tea.WithFPS(fps(o))}, with...)...)
	defer context.AfterFunc(ctx, func() { tellToLeave(p.Send, kill) })()
	pump := newPump(p.Send)
	// The renderer has a clock of its own: a batch that waited for a whole frame
	// would wait for up to another before it is written.
	least := time.Second / time.Duration(fps(o)) / batchesPerFrame
	pump.slowTo(least)
	first.pace = pace{throttle: pump.slowTo, frame: least, slow: o.Slow}
	running.Go(func() { pump.run(feeding) })
	running.Go(func() { source(feeding, pump, p.Send) })

	last, err := p.Run()
	if m, ok := last.(*model); ok && m.deps.present != nil {
		m.left = true
		m.deps.present(m.presence())
	}
	switch {
	case errors.Is(err, tea.ErrProgramPanic):
		log.Error("the console crashed", "error", err)
		return fmt.Errorf("run console: it crashed; the trace is above: %w", err)
	case err != nil && ctx.Err() == nil:
		return fmt.Errorf("run console: %w", err)
	}
	return nil
}

// feedPlugged feeds from the bus that was plugged in last, if one was, and
// returns when ctx has ended.
func feedPlugged(ctx context.Context, plugged <-chan Options, p *pump, send func(tea.Msg)) {
	var feeding sync.WaitGroup
	defer feeding.Wait()
	stop := func() {}
	defer func() { stop() }()
	for {
		select {
		case <-ctx.Done():
			return
		case o := <-plugged:
			stop()
			feeding.Wait()
			one, cancel := context.WithCancel(ctx)
			stop = cancel
			if o.Conn != nil {
				feeding.Go(func() { feed(one, o, p, send) })
			}
		}
	}
}

// feed is everything that comes from outside: the rooms, the config's file and
// the themes'.
func feed(ctx context.Context, o Options, p *pump, send func(tea.Msg)) {
	var feeding sync.WaitGroup
	defer feeding.Wait()
	if o.Config != "" {
		last := stamp(o.Config)
		feeding.Go(func() { watchConfig(ctx, o.Config, o.ThemeDir, last, reloadEvery, send) })
	}
	if o.ThemeDir != "" {
		last := folderStamp(o.ThemeDir)
		feeding.Go(func() { watchThemes(ctx, o.ThemeDir, last, reloadEvery, send) })
	}
	follow(ctx, o, p, send)
}

const (
	// lookAgain is the pause between two questions for the rooms there are.
	lookAgain = 2 * time.Second
	// maxBacklog is how many past events a room is opened with.
	maxBacklog = 500
)

// follow watches the rooms that were named, or those that bots name, and
// returns when ctx has ended and every watcher with it.
func follow(ctx context.Context, o Options, p *pump, send func(tea.Msg)) {
	var watching sync.WaitGroup
	defer watching.Wait()
	watching.Go(func() { watchOthers(ctx, o, p) })
	watching.Go(func() { p.feed(ctx, "", bus.WatchStorage(ctx, o.Conn)) })
	var open []string
	watch := func(names []string) {
		for _, name := range names {
			if slices.Contains(open, name) {
				continue
			}
			open = append(open, name)
			w := bus.Watch(ctx, o.Conn, bus.WatchOptions{Room: name, Backlog: min(maxBacklog, o.TUI.Scrollback)})
			watching.Go(func() { p.feed(ctx, name, w.Updates()) })
		}
	}
	if len(o.Rooms) > 0 {
		watch(o.Rooms)
		return
	}
	for {
		send(linkMsg{o.Conn.Link()})
		// An error here is the link's own news, and the link tells it.
		infos, _ := bus.Rooms(ctx, o.Conn)
		names := make([]string, len(infos))
		for i, info := range infos {
			names[i] = info.Room
		}
		if len(names) > 0 {
			send(roomsMsg(names))
			watch(names)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(lookAgain):
		}
	}
}

// watchOthers passes on what other consoles say of themselves. Only the last
// word of each counts, so what the pump cannot take at once is dropped.
func watchOthers(ctx context.Context, o Options, p *pump) {
	err := bus.WatchPresence(ctx, o.Conn, func(other bus.Presence) {
		select {
		case p.in <- roomUpdate{presence: &other}:
		default:
		}
	})
	if err != nil && o.Logger != nil {
		o.Logger.Warn("other consoles are not seen", "error", err)
	}
}
