package tui

import (
	"slices"
	"strings"
	"testing"

	"rosey/bus"
)

func TestABulkCommandIsReviewed(t *testing.T) {
	m, bot := operate(t, 120, 40)
	bot.reply = bus.CommandReply{Status: bus.StatusPreview, Text: "would remove 3 items", Targets: []string{"1 Plan 9", "2 Metropolis", "3 日本沈没"}, Confirm: "abc"}
	typeText(m, "/purge bob")
	settle(m, press(t, m, "enter"))
	shows(t, m, "[x] 2 Metropolis")
	press(t, m, "y")
	if len(bot.asked) != 1 {
		t.Fatal("a key was taken during the grace")
	}
	armed(m)
	bot.reply = bus.CommandReply{Status: bus.StatusDone, Text: "2 removed"}
	settle(m, press(t, m, "down", "space", "y"))
	if len(bot.asked) != 2 || bot.asked[1].Confirm != "abc" || !slices.Equal(bot.asked[1].Only, []string{"1 Plan 9", "3 日本沈没"}) {
		t.Fatalf("asked %+v", bot.asked)
	}
	shows(t, m, "purge bob … ✓ 2 removed")
}

// What a bulk command would be done to can be read to its end.
func TestTheReviewWraps(t *testing.T) {
	m, bot := operate(t, 80, 24)
	long := strings.Repeat("a title that does not end ", 4) + "here"
	bot.reply = bus.CommandReply{Status: bus.StatusPreview, Text: "Remove 3 items", Targets: []string{"1 Plan 9", "2 " + long, "3 日本沈没"}, Confirm: "abc"}
	typeText(m, "/purge bob")
	settle(m, press(t, m, "enter"))
	shows(t, m, "not end here")
	requireShape(t, m, 80, 24)
}
