package bus

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"rosey/config"
)

const (
	// writesMaxAge is how long a database write waits to be applied.
	writesMaxAge = 7 * 24 * time.Hour
	// duplicateWindow is how long a stream remembers message ids.
	duplicateWindow = 2 * time.Minute
	// ensureTimeout bounds making or updating one stream.
	ensureTimeout = 10 * time.Second
)

// EnsureEvents makes or updates the stream that keeps room events: the newest
// ones, within the limits. ErrNoJetStream: the server keeps nothing.
func EnsureEvents(ctx context.Context, c *Conn, limits config.Events) error {
	return c.ensure(ctx, jetstream.StreamConfig{
		Name:        StreamEvents,
		Description: "What happened in rosey's rooms",
		Subjects:    []string{PatternEvents},
		MaxAge:      time.Duration(limits.MaxAgeHours * float64(time.Hour)),
		MaxBytes:    orUnlimited(limits.MaxBytes),
		AllowDirect: true,
		Compression: jetstream.S2Compression,
	})
}

// EnsureWrites makes or updates the stream of database writes. It keeps what
// was applied until its limits take it, so the reader may acknowledge many
// writes with one message. When the reader is away for so long that a limit is
// reached, the oldest writes go, and the reader counts the hole: refusing the
// newest instead would lose no less, and lose uncounted what v0.5.0's Python
// publishes, which waits for no answer. A role that may not change the stream
// leaves one that stands as it is. ErrNoJetStream: the server keeps nothing.
func EnsureWrites(ctx context.Context, c *Conn, limits config.Events) error {
	return c.ensure(ctx, jetstream.StreamConfig{
		Name:        StreamWrites,
		Description: "Writes to rosey's database",
		Subjects:    writeSubjects,
		MaxAge:      writesMaxAge,
		MaxBytes:    orUnlimited(limits.WriteBytes),
	})
}

func orUnlimited(n int64) int64 {
	if n <= 0 {
		return -1
	}
	return n
}

// ensure brings the stream to want. What want leaves open, such as replicas
// and placement, stays as whoever runs the server has set it.
func (c *Conn) ensure(ctx context.Context, want jetstream.StreamConfig) error {
	ctx, cancel := context.WithTimeout(ctx, ensureTimeout)
	defer cancel()
	want.Storage = jetstream.FileStorage
	want.Retention = jetstream.LimitsPolicy
	want.Discard = jetstream.DiscardOld
	want.Duplicates = duplicateWindow

	stream, err := c.JS.Stream(ctx, want.Name)
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound):
		_, err = c.JS.CreateStream(ctx, want)
	case err == nil:
		have := stream.CachedInfo().Config
		next := merge(have, want)
		if reflect.DeepEqual(have, next) || !c.role.mayPublish("$JS.API.STREAM.UPDATE."+want.Name) {
			return nil
		}
		_, err = c.JS.UpdateStream(ctx, next)
	}
	return c.streamFailure(want.Name, err)
}

// merge gives have with all that want decides.
func merge(have, want jetstream.StreamConfig) jetstream.StreamConfig {
	have.Description = want.Description
	have.Subjects = want.Subjects
	have.MaxAge = want.MaxAge
	have.MaxBytes = want.MaxBytes
	have.Discard = want.Discard
	have.Duplicates = want.Duplicates
	have.AllowDirect = want.AllowDirect
	have.Compression = want.Compression
	have.NoAck = false
	return have
}

func (c *Conn) streamFailure(name string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount),
		errors.Is(err, nats.ErrNoResponders):
		return &failure{kind: ErrNoJetStream, cause: err,
			text: "the NATS server at " + c.Link().URL + " keeps no streams: start it with JetStream (nats-server -js), or what happens while a service is away is lost"}
	}
	return fmt.Errorf("make stream %s: %w", name, err)
}
