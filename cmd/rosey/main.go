// Command rosey is a CyTube bot, its database service and the console from
// which operators watch and moderate the channel.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(realMain()) }

// realMain exists so that deferred calls run before the process exits.
func realMain() int {
	ctx, stop := withSignals(context.Background())
	defer stop()
	return run(ctx, os.Args[1:], stdio{in: os.Stdin, out: os.Stdout, err: os.Stderr})
}

// withSignals ends ctx on the first SIGINT or SIGTERM, or on SIGHUP when the
// terminal goes away, which starts an orderly shutdown. The second one cuts it:
// the default action is back in force. Under nohup a SIGHUP stays ignored.
func withSignals(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		var why error
		select {
		case s := <-signals:
			why = told{s}
		case <-ctx.Done():
		}
		signal.Stop(signals)
		cancel(why)
	}()
	return ctx, func() { cancel(nil) }
}

// told is why a context ended: a signal told it to. It is a context.Canceled.
type told struct{ os.Signal }

func (t told) Error() string { return "signal: " + t.String() }
func (t told) Unwrap() error { return context.Canceled }
