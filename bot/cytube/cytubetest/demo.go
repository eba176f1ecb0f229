package cytubetest

import (
	"context"
	"crypto/rand"
	"time"
)

// DemoBot is the name of the bot's account in a demo.
const DemoBot = "Rosey"

const (
	defaultDemoChannel = "demo"
	defaultDemoPace    = 40
)

// DemoOptions say how lively the demo is.
type DemoOptions struct {
	Channel string  // default "demo"
	Seed    uint64  // the same seed gives the same lines in the same order
	Pace    float64 // lines of chat a minute; default 40
}

func (o *DemoOptions) setDefaults() {
	if o.Channel == "" {
		o.Channel = defaultDemoChannel
	}
	if o.Pace <= 0 {
		o.Pace = defaultDemoPace
	}
}

// NewDemo starts a server for a demo: the channel, its settings, and the
// bot's account DemoBot of channel rank 3 with a password made for it. The
// caller must Close it.
func NewDemo(opts DemoOptions) (s *Server, password string, err error) {
	opts.setDefaults()
	password = rand.Text()
	ranks := map[string]float64{DemoBot: 3}
	accounts := []Account{{Name: DemoBot, Password: password}}
	for _, r := range demoCast {
		if r.rank > 0 {
			accounts = append(accounts, Account{Name: r.name, Password: rand.Text()})
		}
		if r.rank > 1 {
			ranks[r.name] = r.rank
		}
	}
	s, err = New(Options{
		Channels: []ChannelOptions{{
			Name:     opts.Channel,
			MOTD:     demoMOTD,
			Ranks:    ranks,
			Emotes:   demoEmotes,
			Settings: map[string]any{"pagetitle": "The Silver Moth", "voteskip_ratio": 0.3},
			Unlocked: true,
		}},
		Accounts: accounts,
		// A console is started again more often than CyTube likes.
		NoConnectionBucket: true,
	})
	return s, password, err
}

// Demo brings the channel to life until ctx ends: a cast who chat, come and
// go, watch films, vote, suffer raids, and answer when spoken to. It gives
// ctx's error. The server's clock must run.
func Demo(ctx context.Context, s *Server, opts DemoOptions) error {
	opts.setDefaults()
	d := newDirector(s, opts)
	d.fillPlaylist()
	d.openDoors()
	defer d.closeDoors()
	d.next = time.Now().Add(d.gap(1))
	wake := time.NewTimer(0)
	defer wake.Stop()
	for {
		wake.Reset(time.Until(d.soonest()))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-d.eye.news(d.seen):
			d.listen()
		case <-wake.C:
			d.act(time.Now())
		}
	}
}
