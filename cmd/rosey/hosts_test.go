package main

import (
	"slices"
	"testing"
)

// What ends with the console is told by name; NATS that runs elsewhere does not.
func TestHostsAreWhatRunsHere(t *testing.T) {
	if got := (&services{}).hosts(parts{nats: true, bot: true}); !slices.Equal(got, []string{"the bot"}) {
		t.Errorf("%q", got)
	}
	if got := (&services{}).hosts(parts{}); got != nil {
		t.Errorf("%q", got)
	}
}
