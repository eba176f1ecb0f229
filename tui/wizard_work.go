package tui

import (
	"context"
	"sync"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
	"rosey/migrate"
)

// A workshop is what long work of the console runs under. It ends with the
// console, which returns when the last of it has ended.
type workshop struct {
	life context.Context
	busy *sync.WaitGroup
	plug func(Options) deps // has the console show what these options say
}

// wizardry is what the wizard looks at the world with.
type wizardry struct {
	verify  func(context.Context, migrate.VerifyOptions) <-chan migrate.Checklist
	tryNATS func(ctx context.Context, n config.NATS, folder, stateDir string) probed
}

// newWorkshop makes a workshop that plugs into nothing.
func newWorkshop(ctx context.Context) workshop {
	return workshop{life: ctx, busy: &sync.WaitGroup{}}
}

// maxTold is how much a job may have said that was not taken yet; a job waits when
// that is full.
const maxTold = 64

// work has a job done beside the console. What the job tells is taken in
// Update, in order, and then its end.
func work[T any](m *model, job func(ctx context.Context, tell func(T)) error, take func(*model, T), ended func(*model, error) tea.Cmd) tea.Cmd {
	ch := make(chan T, maxTold)
	var failed error // read when ch is closed
	ctx := m.deps.life
	m.deps.busy.Go(func() {
		defer close(ch)
		failed = job(ctx, func(v T) {
			select {
			case ch <- v:
			case <-ctx.Done():
			}
		})
	})
	return listen(ch, take, func(m *model) tea.Cmd { return ended(m, failed) })
}

// listen waits for what comes on a channel, one after the other, and for its
// end.
func listen[T any](from <-chan T, take func(*model, T), ended func(*model) tea.Cmd) tea.Cmd {
	return func() tea.Msg {
		v, more := <-from
		return answer{func(m *model) tea.Cmd {
			if !more {
				return ended(m)
			}
			take(m, v)
			return listen(from, take, ended)
		}}
	}
}

// unplugged tells whether the console is there for the wizard alone: it starts
// what there will be to see.
func (m *model) unplugged() bool { return m.opts.Conn == nil && m.opts.Migration != nil }

// connect gives the console services to show: the room's view and all others
// come alive.
func (m *model) connect(s *Services) {
	var rooms []string
	for _, p := range s.Config.Platforms {
		if p.Enabled {
			rooms = append(rooms, p.Name)
		}
	}
	m.opts.Conn, m.opts.Rooms, m.opts.Config = s.Conn, rooms, s.Config.Path
	m.opts.Hosts = s.Hosts
	m.opts.Operator = s.Config.TUI.OperatorName()
	m.nats = bus.Link{State: room.LinkConnecting}
	m.applySettings(s.Config.TUI)
	if p, wrong := themeProblem(s.Config, m.themes, m.broken); wrong {
		m.untold = append(m.untold, room.Clean(p.String()))
	}
	for _, name := range rooms {
		m.addRoom(name)
	}
	m.deps = m.deps.plug(m.opts)
}

// disconnect is connect's other end, for services that are about to stop:
// nothing runs, and there is nothing to show but the wizard.
func (m *model) disconnect() {
	m.opts.Conn, m.opts.Rooms, m.opts.Config, m.opts.Migration.Running = nil, nil, "", nil
	m.opts.Hosts = nil
	m.rooms, m.active, m.beside, m.right = nil, 0, 0, false
	m.nats, m.rtt, m.dbKnown, m.dbLost = bus.Link{State: room.LinkConnecting}, 0, false, false
	m.deps = m.deps.plug(m.opts)
}
