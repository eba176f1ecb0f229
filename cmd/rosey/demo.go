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

// demo is a made-up room: a CyTube server in this process, a cast of users, and
// a config whose every path lies in a temporary folder.
type demo struct {
	dir    string
	config *config.Config
	server *cytubetest.Server
	cast   sync.WaitGroup
	stop   context.CancelFunc
}

const demoChannel = "movienight"

func startDemo(ctx context.Context) (*demo, error) {
	dir, err := os.MkdirTemp("", "rosey-demo-")
	if err != nil {
		return nil, fmt.Errorf("start demo: %w", err)
	}
	d := &demo{dir: dir}
	opts := cytubetest.DemoOptions{Channel: demoChannel, Seed: 1}
	var password string
	d.server, password, err = cytubetest.NewDemo(opts)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start demo: %w", err), os.RemoveAll(dir))
	}
	d.config = config.Default()
	d.config.NATS.URL = "nats://127.0.0.1:0" // any free port
	d.config.NATS.StoreDir = filepath.Join(dir, "jetstream")
	d.config.NATS.Embedded = config.EmbeddedYes
	d.config.Database.Path = filepath.Join(dir, "bot_data.db")
	d.config.Logging.Level = "warning"
	d.config.Platforms = []config.Platform{{
		Type: "cytube", Name: demoChannel, Enabled: true,
		Domain: d.server.URL(), Channel: demoChannel,
		User: cytubetest.DemoBot, Password: config.Secret(password),
		ResponseTimeout: 3, RestartDelay: 5,
	}}
	castCtx, stop := context.WithCancel(context.WithoutCancel(ctx))
	d.stop = stop
	d.cast.Go(func() {
		_ = cytubetest.Demo(castCtx, d.server, opts) // it ends only with its context
	})
	return d, nil
}

// stateDir is where the demo's credentials lie; with XDG_STATE_HOME set to dir
// another rosey finds them.
func (d *demo) stateDir() string { return filepath.Join(d.dir, "rosey") }

// Close ends the room and removes its folder.
func (d *demo) Close() error {
	d.stop()
	d.cast.Wait()
	return errors.Join(d.server.Close(), os.RemoveAll(d.dir))
}
