package tui

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// queryTimeout bounds the wait for an answer that a view shows.
const queryTimeout = 6 * time.Second

// A query is what a view knows from one question: it asks, and reads the
// answer from the query when it draws. One question is under way at a time;
// one asked meanwhile is sent after it, and of several the last.
type query[Reply any] struct {
	reply Reply     // the last answer, cleaned
	known bool      // there is one
	err   error     // of the last question
	at    time.Time // when the last answer came

	asking bool
	again  func() tea.Cmd
}

// An answer brings what a tea.Cmd found out to whom it concerns: apply runs in
// Update.
type answer struct{ apply func(m *model) tea.Cmd }

// ask asks subject for a Reply. then runs when the answer is there, be it an
// error; it may be nil.
func (q *query[Reply]) ask(m *model, subject string, req any, then func(*model) tea.Cmd) tea.Cmd {
	ask := m.deps.ask
	return q.fetch(func() (reply Reply, err error) {
		err = ask(subject, req, &reply)
		return reply, err
	}, then)
}

// fetch is ask for what is asked otherwise than on one subject; get runs in a
// command.
func (q *query[Reply]) fetch(get func() (Reply, error), then func(*model) tea.Cmd) tea.Cmd {
	if q.asking {
		q.again = func() tea.Cmd { return q.fetch(get, then) }
		return nil
	}
	q.asking = true
	return func() tea.Msg {
		reply, err := get()
		return answer{func(m *model) tea.Cmd {
			q.asking, q.err = false, err
			if err == nil {
				q.reply, q.known, q.at = reply, true, m.now
			}
			if again := q.again; again != nil {
				q.again = nil
				return again()
			}
			if then == nil {
				return nil
			}
			return then(m)
		}}
	}
}

// older tells whether the last answer is older than d, or there is none, and
// none is awaited.
func (q *query[Reply]) older(now time.Time, d time.Duration) bool {
	return !q.asking && (q.at.IsZero() || now.Sub(q.at) >= d)
}

// trouble is what to say where there is no answer to show; empty while one is
// awaited or there.
func (q *query[Reply]) trouble() string {
	if q.err == nil {
		return ""
	}
	return askError(q.err)
}

// askError is what a person can make of a question's failure.
func askError(err error) string {
	switch {
	case errors.Is(err, bus.ErrNobody):
		return "nobody answers: start the service with `rosey run`"
	case errors.Is(err, bus.ErrNotAllowed):
		return "these NATS credentials may not ask for it"
	case errors.Is(err, bus.ErrUnreachable):
		return "NATS is not reachable"
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	}
	return room.Clean(err.Error())
}

// askBus asks over the bus and cleans what comes: it is the ask of deps.
func askBus(ctx context.Context, c *bus.Conn, subject string, req, reply any) error {
	ctx, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	data, err := bus.Request[json.RawMessage](ctx, c, subject, req)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, reply); err != nil {
		return err
	}
	room.CleanAll(reply)
	return nil
}
