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
// pump brings something new.
const framesPerSecond = 30

// Options say what to show and for whom.
type Options struct {
	Conn     *bus.Conn
	Rooms    []string // to watch; empty: ask the bus until a bot answers
	TUI      config.TUI
	ReadOnly bool // no input line; the viewer's credentials are what enforces it
	Demo     bool // say in the header that the room is made up
	Operator string
	Version  string
	Logger   *slog.Logger // nil: no log

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
	rooms := make(chan following, 1)
	shop.plug = func(c *bus.Conn, names []string) deps {
		select {
		case rooms <- following{c, names}:
		case <-ctx.Done(): // nobody looks any more
		}
		return reach(ctx, c, shop)
	}
	d := reach(ctx, o.Conn, shop)
	if o.Conn != nil {
		rooms <- following{o.Conn, o.Rooms}
	}
	return show(ctx, o, d, func(ctx context.Context, p *pump, send func(tea.Msg)) { followPlugged(ctx, o, rooms, p, send) }, with...)
}

// reach is how the model reaches the outside over c; nil is nobody there.
func reach(ctx context.Context, c *bus.Conn, shop workshop) deps {
	d := deps{workshop: shop, wizardry: wizardry{migrate.Verify, probeNATS}}
	if c == nil {
		d.request = func(string, string, bus.Command) (bus.CommandReply, error) {
			return bus.CommandReply{}, bus.ErrUnreachable
		}
		d.ask = func(string, any, any) error { return bus.ErrUnreachable }
		d.rtt = func() (time.Duration, error) { return 0, bus.ErrUnreachable }
		d.nats = func(bus.NATSQuery) (bus.NATSReport, error) { return bus.NATSReport{}, bus.ErrUnreachable }
		d.services = func() ([]bus.ServiceStats, error) { return nil, bus.ErrUnreachable }
		return d
	}
	d.request = func(room, verb string, cmd bus.Command) (bus.CommandReply, error) {
		ctx, cancel := context.WithTimeout(ctx, sendTimeout)
		defer cancel()
		return bus.Request[bus.CommandReply](ctx, c, bus.CommandSubject(room, verb), cmd)
	}
	d.ask = func(subject string, req, reply any) error { return askBus(ctx, c, subject, req, reply) }
	d.rtt, d.seen = c.RTT, seeing(ctx, c)
	return d
}

// following is a connection and the rooms to watch over it.
type following struct {
	conn  *bus.Conn
	rooms []string
}

// followPlugged follows over the connection that was plugged in last, and
// returns when ctx has ended.
func followPlugged(ctx context.Context, o Options, plugged <-chan following, p *pump, send func(tea.Msg)) {
	var running sync.WaitGroup
	stop := func() {}
	for {
		select {
		case <-ctx.Done():
			stop()
			running.Wait()
			return
		case f := <-plugged:
			stop()
			running.Wait()
			var one context.Context
			one, stop = context.WithCancel(ctx)
			o := o
			o.Conn, o.Rooms = f.conn, f.rooms
			running.Go(func() { follow(one, o, p, send) })
		}
	}
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

	p := tea.NewProgram(newModel(o, d), append([]tea.ProgramOption{tea.WithContext(ctx), tea.WithFPS(framesPerSecond)}, with...)...)
	pump := newPump(p.Send)
	running.Go(func() { pump.run(feeding) })
	running.Go(func() { source(feeding, pump, p.Send) })

	_, err := p.Run()
	switch {
	case errors.Is(err, tea.ErrProgramPanic):
		log.Error("the console crashed", "error", err)
		return fmt.Errorf("run console: it crashed; the trace is above: %w", err)
	case err != nil && ctx.Err() == nil:
		return fmt.Errorf("run console: %w", err)
	}
	return nil
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
