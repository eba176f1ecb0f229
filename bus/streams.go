package bus

import (
	"context"

	"rosey/config"
)

// EnsureEvents makes or updates the stream that keeps room events.
func EnsureEvents(ctx context.Context, c *Conn, limits config.Events) error { return nil }

// EnsureWrites makes or updates the stream of database writes.
func EnsureWrites(ctx context.Context, c *Conn, limits config.Events) error { return nil }
