// Package bot keeps rooms: for each enabled platform of the config one
// supervisor holds the room on the bus, keeps a session to CyTube alive,
// publishes what happens there, writes v0.5.0's database records, answers for
// the room's state and history, and carries out commands.
//
// What runs for one room, and who waits for whom:
//
//	supervisor   holds the room against other instances, dials, waits, dials again
//	  desk       folds events into the state; the only goroutine that changes it
//	  publisher  sends the outbox to NATS in order, and the heartbeat behind it
//	  switchboard  carries out commands, each on a goroutine of its own
//	    speaker    says lines in the room, one at a time, under the server's throttle
//	    followers  emit all else, many at once, and wait for what comes of it
//	    keeper     lifts timed mutes and bans
//	    PM shell   takes moderators' private messages for commands
//	  courier    in the first room, has the speaker say what outbound_messages holds
//
// Events reach the bus at least once, in order, under one gap-free sequence
// per room that goes on over restarts (docs/architecture.md, Events). While NATS is
// away they wait in a bounded outbox.
package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"golang.org/x/time/rate"

	"rosey/bot/cytube"
	"rosey/bus"
	"rosey/bus/room"
	"rosey/config"
)

// Options say what to run.
type Options struct {
	Conn   *bus.Conn
	Config *config.Config
	Logger *slog.Logger // nil logs nothing

	// Instance names this process on the bus, for people. A random part is
	// added, so that two processes of one name are still told apart.
	Instance string
	// StateDir is where undelivered messages wait for the next start; without
	// one they are lost.
	StateDir string
	// Version is what the NATS service registration shows.
	Version string
}

// Bot is the supervisors of one process, running.
type Bot struct {
	opts     Options
	instance string
	started  time.Time
	logs     *logFiles
	rooms    []*supervisor
	service  *bus.Service
	roomsSub *nats.Subscription
	stop     context.CancelCauseFunc
	running  sync.WaitGroup

	closing  sync.Once
	closeErr error
}

// errStopped is the cause of the supervisors' end when the bot is closed.
var errStopped = errors.New("the bot was stopped")

// Start begins to keep every enabled CyTube platform of the config and returns
// at once: what becomes of each room is told by its connection events and
// heartbeats. The config has passed config.Load, which refuses two platforms of
// one name or of one account in one channel. It fails when no platform is
// enabled or the bus refuses a subscription. The context governs Start alone; Close ends
// the bot.
func Start(ctx context.Context, opts Options) (*Bot, error) {
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.Instance == "" {
		opts.Instance = "bot"
	}
	platforms := slices.DeleteFunc(slices.Clone(opts.Config.Platforms), func(p config.Platform) bool { return !p.Enabled })
	if len(platforms) == 0 {
		return nil, errors.New("no platform is enabled: set platforms[0].enabled to true")
	}
	b := &Bot{
		opts:     opts,
		instance: room.Clean(opts.Instance) + "-" + strings.ToLower(rand.Text()[:6]),
		started:  time.Now(),
	}
	var err error
	b.logs, err = openLogFiles(opts.Config.Logging, len(platforms) > 1, opts.Logger)
	if err != nil {
		return nil, err
	}
	life, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	b.stop = stop
	buckets := map[string]*rate.Limiter{}
	for _, p := range platforms {
		site := strings.ToLower(p.Domain)
		if buckets[site] == nil {
			buckets[site] = cytube.NewBucket()
		}
		b.rooms = append(b.rooms, newSupervisor(b, p, buckets[site]))
	}
	if err := b.register(); err != nil {
		stop(errStopped)
		return nil, errors.Join(err, b.unregister(), b.logs.close())
	}
	for _, s := range b.rooms {
		b.running.Go(func() { s.run(life) })
	}
	return b, nil
}

// seatOf names one account's place in one channel. CyTube compares channel and
// user names without case.
func seatOf(domain, channel, user string) string {
	domain = strings.TrimSuffix(strings.ToLower(domain), "/")
	if _, host, ok := strings.Cut(domain, "://"); ok {
		domain = host
	}
	return domain + "\n" + strings.ToLower(channel) + "\n" + room.Fold(user)
}

// register makes the bot known on the bus.
func (b *Bot) register() error {
	names := make([]string, 0, len(b.rooms))
	for _, s := range b.rooms {
		names = append(names, s.platform.Name)
	}
	var err error
	b.service, err = bus.AddService(b.opts.Conn, "rosey-bot", "CyTube bot: rooms on the bus", b.opts.Version,
		map[string]string{"instance": b.instance, "rooms": strings.Join(names, ",")})
	if err != nil {
		return fmt.Errorf("register NATS service: %w", err)
	}
	b.roomsSub, err = bus.Respond(b.opts.Conn, bus.SubjectRooms, func(context.Context, struct{}) bus.RoomsReply {
		return bus.RoomsReply{Rooms: b.held()}
	})
	return err
}

// held lists the rooms that this process holds. One that only stands by for
// another instance is that instance's to name.
func (b *Bot) held() []bus.RoomInfo {
	rooms := []bus.RoomInfo{}
	for _, s := range b.rooms {
		if s.holds.Load() {
			rooms = append(rooms, s.info())
		}
	}
	return rooms
}

func (b *Bot) unregister() error {
	var errs []error
	if b.roomsSub != nil {
		errs = append(errs, unsubscribe(b.roomsSub))
	}
	if b.service != nil {
		errs = append(errs, b.service.Stop())
	}
	return errors.Join(errs...)
}

// unsubscribe ends a subscription; one that went with its connection is gone.
func unsubscribe(sub *nats.Subscription) error {
	if err := sub.Unsubscribe(); err != nil && !errors.Is(err, nats.ErrConnectionClosed) && !errors.Is(err, nats.ErrBadSubscription) {
		return fmt.Errorf("unsubscribe from %s: %w", sub.Subject, err)
	}
	return nil
}

// Close leaves every room, says so on the bus, and waits until what has not
// been delivered is, or ctx ends; then the error says what was lost. The
// connection stays open: it is its owner's.
func (b *Bot) Close(ctx context.Context) error {
	b.closing.Do(func() {
		for _, s := range b.rooms {
			s.flushUntil(ctx)
		}
		b.stop(errStopped)
		b.running.Wait()
		errs := []error{b.unregister()}
		for _, s := range b.rooms {
			errs = append(errs, s.err)
		}
		b.closeErr = errors.Join(append(errs, b.logs.close())...)
	})
	return b.closeErr
}

// Unsent is how many messages did not reach NATS before Close's end: they are
// kept for the next start.
func (b *Bot) Unsent() int {
	n := 0
	for _, s := range b.rooms {
		n += s.left
	}
	return n
}
