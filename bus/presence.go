package bus

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"rosey/bus/room"
)

const (
	// PresenceEvery is how often a console says that it is there.
	PresenceEvery = 5 * time.Second
	// PresenceTTL is how long one that was not heard counts as there.
	PresenceTTL = 15 * time.Second
)

// SayPresence tells the other consoles of this one.
func SayPresence(c *Conn, p Presence) error {
	data, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode presence: %w", err)
	}
	if err := c.NC.Publish(SubjectPresence, data); err != nil {
		return fmt.Errorf("say presence: %w", err)
	}
	return nil
}

// WatchPresence tells hear of each console that speaks, one after another, and
// returns when ctx ends. hear must not block for long: what cannot be taken is
// dropped, and said again within PresenceEvery.
func WatchPresence(ctx context.Context, c *Conn, hear func(Presence)) error {
	sub, err := c.NC.Subscribe(SubjectPresence, func(m *nats.Msg) {
		var p Presence
		if json.Unmarshal(m.Data, &p) != nil || p.Console == "" {
			c.countBad(m.Subject)
			return
		}
		room.CleanAll(&p)
		hear(p)
	})
	if err != nil {
		return fmt.Errorf("listen for other consoles: %w", err)
	}
	defer func() { _ = sub.Unsubscribe() }() // the connection may be closed already
	<-ctx.Done()
	return nil
}
