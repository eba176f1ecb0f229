package bus

import "testing"

func TestDeed(t *testing.T) {
	for want, a := range map[string]ActionRow{
		"ban bob 1m trolling": {Action: "ban", Details: "ban bob 1m trolling (done)", Target: "bob", Reason: "trolling", Outcome: StatusDone},
		"rank carol 2":        {Action: "rank", Details: "rank carol 2 (refused)", Target: "carol", Reason: "rank 2", Outcome: StatusRefused},
		"kick Bob: caps":      {Action: "kick", Details: "Bob: caps (done)", Target: "Bob", Reason: "caps", Outcome: StatusDone}, // a whisper's
		"kick Bob":            {Action: "kick", Target: "Bob", Outcome: StatusNoEffect},
		"clear":               {Action: "clear", Details: "clear (done)", Outcome: StatusDone},
		"endpoll":             {Action: "endpoll", Details: "endpoll (pending)", Target: "Tea?", Outcome: StatusPending},
		"pm_command help":     {Action: "pm_command", Details: "help"}, // v0.5.0's
		"say (done)":          {Action: "say", Details: "say (done)"},
	} {
		if got := a.Deed(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
