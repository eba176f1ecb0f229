package bot

import (
	"strings"

	"rosey/bus"
	"rosey/bus/room"
)

// knownLines bounds the memory of lines seen. CyTube replays fifteen
// (PROTOCOL.md §3).
const knownLines = 4096

// known remembers the lines that were published, so that those CyTube replays
// at each join are published once. Only the desk uses it.
type known struct {
	keys   map[room.MessageKey]struct{}
	order  []room.MessageKey // oldest first
	stored map[storedLine]struct{}
}

// storedLine is a line as the database's recent chat gives it: to the second
// and in HTML, cleaned as every reply is.
type storedLine struct {
	second     int64
	user, html string
}

func newKnown() *known {
	return &known{keys: map[room.MessageKey]struct{}{}, stored: map[storedLine]struct{}{}}
}

// seed learns the lines among past events.
func (k *known) seed(past []bus.Envelope) {
	for _, env := range past {
		if env.Event != "message" {
			continue
		}
		if e, err := room.Decode(env.Event, env.Data); err == nil {
			k.add(e.(*room.Message).Key())
		}
	}
}

// seedStored learns lines from the database, for a bus without JetStream.
func (k *known) seedStored(rows []bus.RecentRow) {
	for _, r := range rows {
		k.stored[storedLine{r.Timestamp, room.Fold(r.Username), strings.TrimSpace(r.Message)}] = struct{}{}
	}
}

func (k *known) add(key room.MessageKey) {
	if _, ok := k.keys[key]; ok {
		return
	}
	k.keys[key] = struct{}{}
	k.order = append(k.order, key)
	if len(k.order) > knownLines {
		delete(k.keys, k.order[0])
		k.order = k.order[1:]
	}
}

// fresh tells whether m is to be published, and remembers it. A live line
// always is; a replayed one only if it was not seen before.
func (k *known) fresh(m *room.Message) bool {
	key := m.Key()
	_, seen := k.keys[key]
	k.add(key)
	if !m.Replay {
		return true
	}
	return !seen && !k.isStored(m)
}

// isStored allows a second's difference: v0.5.0's service wrote its own clock
// and not the server's.
func (k *known) isStored(m *room.Message) bool {
	for _, second := range []int64{m.Time / 1000, m.Time/1000 - 1, m.Time/1000 + 1} {
		if _, ok := k.stored[storedLine{second, room.Fold(m.User), strings.TrimSpace(room.Clean(m.HTML))}]; ok {
			return true
		}
	}
	return false
}
