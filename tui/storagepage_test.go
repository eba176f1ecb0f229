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
	began := evening.Add(-26 * time.Minute)
	for i := range 12 { // of what two rooms publish, a line each is never stored
		now := evening.Add(time.Duration(20+i) * time.Second)
		published := func(name string, lines uint64) roomUpdate {
			return roomUpdate{Update: bus.Update{Kind: bus.UpdatePublished, Heartbeat: bus.Heartbeat{Room: name, Instance: "i",
				Published: map[string]uint64{bus.SubjectMessageLog: lines, bus.SubjectUserJoined: 31}}}}
		}
		m.Update(batchMsg{at: now, updates: []roomUpdate{
			published("movienight", 760+uint64(i/6)), published("anime", 40+uint64(i/6)),
			{room: "movienight", Update: bus.Update{Kind: bus.UpdateHeartbeat, Heartbeat: bus.Heartbeat{Room: "movienight", Instance: "i"}}},
			{Update: bus.Update{Kind: bus.UpdateDB, Health: bus.DBHealth{Instance: "d", Since: began.UnixMilli(), Time: now.UnixMilli(), JetStream: true, Bad: 2,
				Stored: map[string]uint64{bus.SubjectMessageLog: 750, bus.SubjectUserJoined: 31}}}},
		}})
	}
	openFigures(m, a, viewStorage)
	row := slices.IndexFunc(screen(m), func(r string) bool { return strings.Contains(r, "message.log") })
	fields := strings.Fields(screen(m)[row])
	if fields[1] != "62" || fields[2] != "60" || !slices.Contains(fields[3:6], "2") {
		t.Errorf("the row says %q", screen(m)[row])
	}
	if from := clockText(evening, false); !slices.Contains(fields, from) {
		t.Errorf("the row says %q, and not that it counts since %s", screen(m)[row], from)
	}
	shows(t, m, "bad 2 since "+clockText(began, false))
	shows(t, m, "lost 0")
}

// TestAnOldLossIsToldByItsDay: what is counted since yesterday says so.
func TestAnOldLossIsToldByItsDay(t *testing.T) {
	m, a := figureModel(t, 120, 40)
	m.Update(batchMsg{at: evening, updates: []roomUpdate{{Update: bus.Update{Kind: bus.UpdateDB, Health: bus.DBHealth{
		Instance: "d", Since: evening.Add(-30 * time.Hour).UnixMilli(), Time: evening.UnixMilli(), JetStream: true, Lost: 3}}}}})
	openFigures(m, a, viewStorage)
	shows(t, m, "lost 3 since "+evening.Add(-30*time.Hour).Format("2 Jan"))
}

// What the longest write is called stands whole, and a figure goes for it.
func TestTheLossMeterNamesEachWriteWhole(t *testing.T) {
	m, a := figureModel(t, 160, 50)
	m.Update(batchMsg{at: evening, updates: []roomUpdate{{Update: bus.Update{Kind: bus.UpdateDB, Health: bus.DBHealth{
		Instance: "d", Since: evening.UnixMilli(), Time: evening.UnixMilli(), JetStream: true,
		Stored: map[string]uint64{bus.SubjectHighWater: 7}}}}}})
	openFigures(m, a, viewStorage)
	shows(t, m, bus.ShortSubject(bus.SubjectHighWater)+" ")
}
