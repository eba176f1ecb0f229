package dbsvc

import (
	"context"
	"strings"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/dbsvc/store"
)

// Bounds on lists whose queries have no limit of their own.
const (
	maxSanctions = 1000
	maxNotes     = 100
)

func (s *Service) actions(ctx context.Context, q bus.ActionsQuery) bus.ActionsReply {
	actions, err := s.store.Actions(ctx, store.ActionsFilter{
		User: asked(q.Username), Target: asked(q.Target), Room: room.Clean(q.Room),
		Since: unixSeconds(q.Since), Before: unixSeconds(q.Before), Limit: limited(q.Limit, maxLimit),
	})
	reply := bus.ActionsReply{Rows: make([]bus.ActionRow, len(actions)), Error: s.said(bus.SubjectActions, err)}
	for i, a := range actions {
		reply.Rows[i] = bus.ActionRow{
			ID: a.ID, Timestamp: a.Timestamp, Username: a.Username, Action: a.Action, Details: a.Details,
			Room: a.Room, Key: a.Key, Target: a.Target, Reason: a.Reason,
			Outcome: bus.CommandStatus(a.Outcome), Text: a.Text, Source: room.ActionSource(a.Source),
		}
	}
	reply.Rows = fitting(reply.Rows, s.opts.Conn.NC.MaxPayload())
	return reply
}

func (s *Service) sanctions(ctx context.Context, q bus.SanctionsQuery) bus.SanctionsReply {
	list, err := s.store.Sanctions(ctx, room.Clean(q.Room), asked(q.Username), maxSanctions)
	reply := bus.SanctionsReply{Sanctions: make([]bus.SanctionWrite, len(list)), Error: s.said(bus.SubjectSanctions, err)}
	for i, w := range list {
		reply.Sanctions[i] = bus.SanctionWrite{
			Room: w.Room, Username: w.User, Kind: bus.SanctionKind(w.Kind), Until: w.Until,
			By: w.Author, Reason: w.Reason, Time: float64(w.Time) / 1000,
		}
	}
	reply.Sanctions = fitting(reply.Sanctions, s.opts.Conn.NC.MaxPayload())
	return reply
}

func (s *Service) notes(ctx context.Context, q bus.NotesQuery) bus.NotesReply {
	list, err := s.store.Notes(ctx, room.Clean(q.Room), asked(q.Username), maxNotes)
	reply := bus.NotesReply{Notes: make([]bus.NoteWrite, len(list)), Error: s.said(bus.SubjectNotes, err)}
	for i, w := range list {
		reply.Notes[i] = bus.NoteWrite{Room: w.Room, Username: w.User, Text: w.Text, By: w.Author, Time: float64(w.Time) / 1000}
	}
	reply.Notes = fitting(reply.Notes, s.opts.Conn.NC.MaxPayload())
	return reply
}

// asked is a name that someone asks for.
func asked(name string) string { return strings.TrimSpace(room.Clean(name)) }
