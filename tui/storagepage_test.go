package tui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rosey/bus"
)

func TestStorageSpanKey(t *testing.T) {
	m, a := figureModel(t, 120, 40)
	openFigures(m, a, viewStorage)
	shows(t, m, "last 6 hours")
	for _, want := range []string{"last day", "last week", "last month", "last 6 hours"} {
		run1(m, press(t, m, "t"))
		shows(t, m, want)
	}
}

func TestLossMeterIsShown(t *testing.T) {
	m, a := figureModel(t, 120, 40)
	for i := range 6 { // two are published and never stored
		now := evening.Add(time.Duration(20+i) * time.Second)
		m.Update(batchMsg{at: now, updates: []roomUpdate{
			{room: "movienight", Update: bus.Update{Kind: bus.UpdateHeartbeat, Heartbeat: bus.Heartbeat{Room: "movienight", Instance: "i", Published: map[string]uint64{bus.SubjectMessageLog: 762, bus.SubjectUserJoined: 31}}}},
			{room: "movienight", Update: bus.Update{Kind: bus.UpdateDB, Health: bus.DBHealth{Instance: "d", Time: now.UnixMilli(), JetStream: true, Bad: 2, Stored: map[string]uint64{bus.SubjectMessageLog: 750, bus.SubjectUserJoined: 31}}}},
		}})
	}
	openFigures(m, a, viewStorage)
	row := slices.IndexFunc(screen(m), func(r string) bool { return strings.Contains(r, "message.log") })
	if fields := strings.Fields(screen(m)[row]); fields[1] != "62" || fields[2] != "60" || !slices.Contains(fields[3:6], "2") {
		t.Errorf("the row says %q", screen(m)[row])
	}
	shows(t, m, "bad 2")
}
