package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

func shiftCommands() []*command {
	text := bus.ArgInfo{Name: "text", Type: bus.ArgText, Rest: true}
	return []*command{
		{CommandInfo: bus.CommandInfo{Name: "note", Group: groupShift, Help: "Adds a note on a person; note <user> clear removes all of them.",
			Args: []bus.ArgInfo{nameArg, text}}, offline: true, plan: planNote},
		{CommandInfo: bus.CommandInfo{Name: "notes", Group: groupShift, Help: "Shows the notes on a person.",
			Args: []bus.ArgInfo{nameArg}, Asks: true}, offline: true, plan: planNotes},
		{CommandInfo: bus.CommandInfo{Name: "handover", Group: groupShift, Help: "Shows the note for the next shift, or leaves one; handover clear removes it.",
			Args: []bus.ArgInfo{{Name: "text", Type: bus.ArgText, Optional: true, Rest: true}}}, offline: true, plan: planHandover},
	}
}

// maxNote bounds a note.
const maxNote = 2000

// noteText reads a note's text: clear means none.
func noteText(text string) (string, error) {
	if room.Fold(text) == "clear" {
		return "", nil
	}
	if len([]rune(text)) > maxNote {
		return "", fmt.Errorf("a note has at most %d characters", maxNote)
	}
	return text, nil
}

func planNote(r *request) (*plan, error) {
	name := r.args["user"]
	if !isName(name) {
		return nil, fmt.Errorf("%q is not a user name", shorten(name, 40))
	}
	if u, ok := r.state.User(name); ok {
		name = u.Name
	}
	text, err := noteText(r.args["text"])
	if err != nil {
		return nil, err
	}
	did := "Noted on " + name
	if text == "" {
		did = "Removed the notes on " + name
	}
	return &plan{does: "note something on " + name, target: name, run: func(d *deed, _ []int) outcome {
		return d.writeNote(name, text, did)
	}}, nil
}

// writeNote hands a note to the stream and waits until the database has it.
func (d *deed) writeNote(name, text, did string) outcome {
	now := seconds(time.Now())
	err := d.board.desk.must(d.ctx, write{subject: bus.SubjectNoteSet, payload: bus.NoteWrite{
		Room: d.board.desk.room, Username: name, Text: text, By: d.operator, Time: now,
	}})
	if err != nil {
		return outcome{status: bus.StatusNoEffect, text: "the note was not written: " + err.Error()}
	}
	if d.stored(func() (bool, error) {
		notes, err := d.notes(name)
		return len(notes) == 0 && text == "" || len(notes) > 0 && notes[0].Text == text, err
	}) {
		return done(did)
	}
	return done(did + "; the database has not confirmed it yet")
}

const (
	// storedWait is how long the database is given to show what was written,
	// storedAgain how often it is asked.
	storedWait  = 3 * time.Second
	storedAgain = 20 * time.Millisecond
)

// stored waits until the database has what was written: from then on no crash
// takes it away. It is false when that took too long.
func (d *deed) stored(there func() (bool, error)) bool {
	for until := time.Now().Add(storedWait); time.Now().Before(until); {
		ok, err := there()
		if ok || err != nil {
			return ok && err == nil
		}
		if !sleep(d.ctx, storedAgain) {
			return false
		}
	}
	return false
}

// notes asks the database for the notes on a person, or for the handover.
func (d *deed) notes(name string) ([]bus.NoteWrite, error) {
	reply, err := query[bus.NotesReply](d.ctx, d.board.conn, bus.SubjectNotes, bus.NotesQuery{Room: d.board.desk.room, Username: name})
	if err == nil && reply.Error != "" {
		err = errors.New(reply.Error)
	}
	return reply.Notes, err
}

func planNotes(r *request) (*plan, error) {
	name := r.args["user"]
	if !isName(name) {
		return nil, fmt.Errorf("%q is not a user name", shorten(name, 40))
	}
	return &plan{does: "read the notes on " + name, run: func(d *deed, _ []int) outcome {
		notes, err := d.notes(name)
		if err != nil {
			return refusedWith("the database does not answer: " + room.Clean(err.Error()))
		}
		lines := []string{fmt.Sprintf("Notes on %s (%d):", name, len(notes))}
		for _, n := range notes {
			lines = append(lines, fmt.Sprintf("  %s %s: %s", stamp(int64(n.Time)), n.By, n.Text))
		}
		o := done(strings.Join(lines, "\n"))
		o.data = notes
		return o
	}}, nil
}

func planHandover(r *request) (*plan, error) {
	if r.args["text"] == "" {
		h := r.state.Handover
		if h.Text == "" {
			return answer(done("There is no handover")), nil
		}
		o := done(fmt.Sprintf("Handover by %s, %s:\n%s", h.By, stamp(h.Time/1000), h.Text))
		o.data = h
		return answer(o), nil
	}
	text, err := noteText(r.args["text"])
	if err != nil {
		return nil, err
	}
	return &plan{does: "leave a handover", run: func(d *deed, _ []int) outcome {
		now := time.Now()
		did := "Handover left for the next shift"
		h := &room.Handover{Text: text, By: d.operator, Time: now.UnixMilli()}
		if text == "" {
			did, h = "Handover removed", &room.Handover{}
		}
		o := d.writeNote("", text, did)
		if o.status == bus.StatusDone {
			d.board.desk.tell(context.Background(), h, now) // the desk outlasts every command
		}
		return o
	}}, nil
}

// learnHandover tells the room the handover that stands, until the database has
// answered once. With what the room says already it says nothing.
func (b *switchboard) learnHandover(ctx context.Context) {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		reply, err := query[bus.NotesReply](ctx, b.conn, bus.SubjectNotes, bus.NotesQuery{Room: b.desk.room})
		if err == nil && reply.Error == "" {
			if len(reply.Notes) > 0 && reply.Notes[0].Text != "" && b.desk.now().state.Handover.Text == "" {
				n := reply.Notes[0]
				b.desk.tell(ctx, &room.Handover{Text: n.Text, By: n.By, Time: int64(n.Time * 1000)}, time.Now())
			}
			return
		}
		if !sleep(ctx, wait) {
			return
		}
	}
}

// query asks the database, within two seconds.
func query[Reply any](ctx context.Context, conn *bus.Conn, subject string, q any) (Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return bus.Request[Reply](ctx, conn, subject, q)
}

// stamp is a time in Unix seconds as v0.5.0 showed it.
func stamp(seconds int64) string { return time.Unix(seconds, 0).Format("2006-01-02 15:04") }
