package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"rosey/bus/room"
)

// roomsWindow is how long Rooms collects answers: several bots may give one.
const roomsWindow = 250 * time.Millisecond

// Rooms asks all bots which rooms they are in, sorted by room name. It returns
// early when nobody listens. A room that two instances hold appears once.
func Rooms(ctx context.Context, c *Conn) ([]RoomInfo, error) {
	found := map[string]RoomInfo{}
	err := c.collect(ctx, SubjectRooms, []byte("{}"), roomsWindow, func(m *nats.Msg) bool {
		var reply RoomsReply
		if json.Unmarshal(m.Data, &reply) != nil {
			c.countBad(SubjectRooms)
			return false
		}
		for _, r := range reply.Rooms {
			// The config cannot give such a name; a hostile reply can.
			if r.Room == "" || room.Clean(r.Room) != r.Room {
				c.countBad(SubjectRooms)
				continue
			}
			r.Domain, r.Bot, r.Channel = room.Clean(r.Domain), room.Clean(r.Bot), room.Clean(r.Channel)
			found[r.Room] = r
		}
		return false
	})
	if err != nil && !errors.Is(err, ErrNobody) {
		return nil, fmt.Errorf("ask for rooms: %w", err)
	}
	return sorted(found), nil
}

func sorted(found map[string]RoomInfo) []RoomInfo {
	rooms := make([]RoomInfo, 0, len(found))
	for _, r := range found {
		rooms = append(rooms, r)
	}
	slices.SortFunc(rooms, func(a, b RoomInfo) int { return strings.Compare(a.Room, b.Room) })
	return rooms
}
