package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"rosey/bot/cytube/cytubetest"
	"rosey/config"
)

// demo is made-up rooms: a CyTube server in this process for each, with a cast
// of users, and a config whose every path lies in a temporary folder.
type demo struct {
	dir     string
	config  *config.Config
	servers []*cytubetest.Server
	cast    sync.WaitGroup
	stop    context.CancelFunc
}

// demoRooms are the rooms; the first is the lively one.
var demoRooms = []cytubetest.DemoOptions{
	{Channel: "movienight", Seed: 1},
	{Channel: "den", Seed: 2, Pace: 5},
}

func startDemo(ctx context.Context) (*demo, error) {
	dir, err := os.MkdirTemp("", "rosey-demo-")
	if err != nil {
		return nil, fmt.Errorf("start demo: %w", err)
	}
	castCtx, stop := context.WithCancel(context.WithoutCancel(ctx))
	d := &demo{dir: dir, stop: stop, config: config.Default()}
	d.config.NATS.URL = "nats://127.0.0.1:0" // any free port
	d.config.NATS.StoreDir = filepath.Join(dir, "jetstream")
	d.config.NATS.Embedded = config.EmbeddedYes
	d.config.Database.Path = filepath.Join(dir, "bot_data.db")
	d.config.Logging.Level = "warning"
	d.config.Platforms = nil
	for _, room := range demoRooms {
		if err := d.open(castCtx, room); err != nil {
			return nil, errors.Join(fmt.Errorf("start demo: %w", err), d.Close())
		}
	}
	return d, nil
}

// open brings a room to life until ctx ends.
func (d *demo) open(ctx context.Context, room cytubetest.DemoOptions) error {
	server, password, err := cytubetest.NewDemo(room)
	if err != nil {
		return err
	}
	d.servers = append(d.servers, server)
	d.config.Platforms = append(d.config.Platforms, config.Platform{
		Type: "cytube", Name: room.Channel, Enabled: true,
		Domain: server.URL(), Channel: room.Channel,
		User: cytubetest.DemoBot, Password: config.Secret(password),
		ResponseTimeout: 3, RestartDelay: 5,
	})
	d.cast.Go(func() {
		_ = cytubetest.Demo(ctx, server, room) // it ends only with its context
	})
	return nil
}

// stateDir is where the demo's credentials lie; with XDG_STATE_HOME set to dir
// another rosey finds them.
func (d *demo) stateDir() string { return filepath.Join(d.dir, "rosey") }

// Close ends the rooms and removes their folder.
func (d *demo) Close() error {
	d.stop()
	d.cast.Wait()
	var errs []error
	for _, s := range d.servers {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, os.RemoveAll(d.dir))...)
}
