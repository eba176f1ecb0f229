package dbsvc

import (
	"errors"
	"fmt"

	"rosey/bus"
	"rosey/bus/room"
	"rosey/dbsvc/store"
)

// maxNote is how many bytes a note, a reason or an outcome may have.
const maxNote = 8 << 10

func readAction(data []byte, arrived int64) (store.Write, error) {
	var w bus.ActionWrite
	at, err := read(data, &w, &w.Time, arrived)
	if err != nil {
		return nil, err
	}
	if w.Username, err = name(w.Username); err != nil {
		return nil, err
	}
	action := room.Clean(w.Action)
	if action == "" || len(action) > maxName || len(w.Details) > maxText {
		return nil, errors.New("action_type is missing or too long")
	}
	if max(len(w.ID), len(w.Outcome), len(w.Source)) > maxName {
		return nil, errors.New("id, outcome or source is too long")
	}
	return store.Action{
		Room: room.Clean(w.Room), User: w.Username, Action: action, Details: room.Clean(w.Details),
		Key: room.Clean(w.ID), Target: room.Clean(clipped(w.Target)), Reason: room.Clean(clipped(w.Reason)),
		Outcome: room.Clean(string(w.Outcome)), Text: room.CleanLines(clipped(w.Text)), Source: room.Clean(string(w.Source)),
		Time: at,
	}, nil
}

// clipped leaves of a text what is kept of it. Cleaning mends what is cut in
// the middle of a letter.
func clipped(text string) string { return text[:min(len(text), maxNote)] }

func readSanction(data []byte, arrived int64) (store.Write, error) {
	var w bus.SanctionWrite
	at, err := read(data, &w, &w.Time, arrived)
	if err != nil {
		return nil, err
	}
	if w.Username, err = sanctioned(w.Username, w.Kind); err != nil {
		return nil, err
	}
	if w.By, err = name(w.By); err != nil {
		return nil, fmt.Errorf("by: %w", err)
	}
	if w.Until <= 0 || w.Until > maxSeconds*1000 {
		return nil, fmt.Errorf("until %d is not in Unix milliseconds", w.Until)
	}
	return store.Sanction{
		Room: room.Clean(w.Room), User: w.Username, Kind: string(w.Kind), Until: w.Until,
		Author: w.By, Reason: room.Clean(clipped(w.Reason)), Time: at,
	}, nil
}

func readSanctionEnd(data []byte, arrived int64) (store.Write, error) {
	var w bus.SanctionEnd
	at, err := read(data, &w, &w.Time, arrived)
	if err == nil {
		w.Username, err = sanctioned(w.Username, w.Kind)
	}
	return store.SanctionEnd{Room: room.Clean(w.Room), User: w.Username, Kind: string(w.Kind), Time: at}, err
}

// sanctioned is the name of whom a sanction is about.
func sanctioned(user string, kind bus.SanctionKind) (string, error) {
	switch kind {
	case bus.SanctionMute, bus.SanctionShadowMute, bus.SanctionBan:
		return name(user)
	}
	return "", errors.New("kind is not one of mute, smute and ban")
}

func readNote(data []byte, arrived int64) (store.Write, error) {
	var w bus.NoteWrite
	at, err := read(data, &w, &w.Time, arrived)
	switch {
	case err != nil:
		return nil, err
	case len(w.Text) > maxNote:
		return nil, fmt.Errorf("the note has %d bytes, %d are the limit", len(w.Text), maxNote)
	}
	if w.Username != "" {
		if w.Username, err = name(w.Username); err != nil {
			return nil, err
		}
	}
	if w.By, err = name(w.By); err != nil {
		return nil, fmt.Errorf("by: %w", err)
	}
	return store.Note{Room: room.Clean(w.Room), User: w.Username, Text: room.CleanLines(w.Text), Author: w.By, Time: at}, nil
}
