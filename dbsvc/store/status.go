package store

import (
	"context"
	"math"
	"strings"
)

// statusColumns are the fields of current_status that v0.5.0 lets a status
// update change, in its order.
var statusColumns = []struct {
	name string
	read func(any) (value any, ok bool)
}{
	{"bot_name", asText},
	{"bot_rank", asNumber},
	{"bot_afk", asInteger},
	{"channel_name", asText},
	{"current_chat_users", asInteger},
	{"current_connected_users", asInteger},
	{"playlist_items", asInteger},
	{"current_media_title", asText},
	{"current_media_duration", asInteger},
	{"bot_start_time", asInteger},
	{"bot_connected", asInteger},
}

func (w Status) apply(ctx context.Context, b *batch) error {
	var set []string
	var args []any
	for _, c := range statusColumns {
		field, given := w.Fields[c.name]
		if !given {
			continue
		}
		value, ok := c.read(field)
		if field != nil && !ok {
			continue
		}
		set = append(set, c.name+" = ?")
		args = append(args, value)
		if err := w.sessions(ctx, b, c.name, value); err != nil {
			return err
		}
	}
	if len(set) == 0 {
		return nil
	}
	_, err := b.tx.ExecContext(ctx, "UPDATE current_status SET "+strings.Join(set, ", ")+", last_updated = ? WHERE id = 1",
		append(args, w.Time/1000)...)
	return err
}

// sessions ends what the status makes out of date: a bot that is not in the
// room sees nobody leave, and one that was started anew has told again who is
// there.
func (w Status) sessions(ctx context.Context, b *batch, column string, value any) error {
	n, ok := value.(int64)
	switch {
	case column == "bot_connected" && ok && n == 0:
		return b.forget(ctx, w.Room, math.MaxInt64, w.Time/1000)
	case column == "bot_start_time" && ok && n > 0:
		return b.forget(ctx, w.Room, n*1000, min(n, w.Time/1000))
	}
	return nil
}

func asText(v any) (any, bool) {
	s, ok := v.(string)
	if !ok {
		return nil, false
	}
	return s, true
}

func asNumber(v any) (any, bool) {
	n, ok := v.(float64)
	if !ok {
		return nil, false
	}
	return n, true
}

// asInteger takes fractions too, as Python's time.time() has them, and booleans.
func asInteger(v any) (any, bool) {
	switch v := v.(type) {
	case bool:
		if v {
			return int64(1), true
		}
		return int64(0), true
	case float64:
		if math.Abs(v) < 1<<53 {
			return int64(v), true
		}
	}
	return nil, false
}
