package bus

import (
	"encoding/json"
	"fmt"
	"time"

	"rosey/bus/room"
)

// DecodeEnvelope reads an event message. The envelope is valid as far as it
// could be read even when the event in it is of an unknown kind.
func DecodeEnvelope(data []byte) (Envelope, room.Event, error) {
	var env Envelope
	if err := json.Unmarshal(data, &env); err != nil {
		return env, nil, fmt.Errorf("decode envelope: %w", err)
	}
	e, err := env.Open(time.Now())
	return env, e, err
}

// Open reads the event in an envelope as seen from now. Times that cannot be
// are put right, the envelope's own too.
func (env *Envelope) Open(now time.Time) (room.Event, error) {
	e, _, err := env.open(now, 0)
	return e, err
}

// open is Open that tells how many times it has put right. An envelope's own
// becomes that of the event before it, zero where that is not known.
func (env *Envelope) open(now time.Time, before int64) (e room.Event, mended int, err error) {
	if env.V > EnvelopeVersion {
		return nil, 0, fmt.Errorf("decode envelope: version %d is newer than %d", env.V, EnvelopeVersion)
	}
	if e, err = room.Decode(env.Event, env.Data); err != nil {
		return nil, 0, err
	}
	env.Channel = room.Clean(env.Channel)
	if ms := now.UnixMilli(); !room.Plausible(env.Time, ms) {
		if env.Time = ms; room.Plausible(before, ms) {
			env.Time = before
		}
		mended++
	}
	return e, mended + room.Mend(e, env.Time), nil
}
