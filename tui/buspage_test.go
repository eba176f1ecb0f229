package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

func TestSortKeyGoesThroughTheOrders(t *testing.T) {
	m, a := figureModel(t, 160, 50)
	openFigures(m, a, viewBus)
	shows(t, m, "MSGS FROM▾")
	for _, want := range []string{"MSGS TO▾", "BYTES FROM▾", "BYTES TO▾", "PENDING▾", "RTT▾", "SUBS▾", "IDLE▾", "UP▾", "CID▾", "MSGS FROM▾"} {
		run1(m, press(t, m, "s"))
		shows(t, m, want)
		if want == "PENDING▾" {
			if a.query.Sort != bus.SortPending {
				t.Errorf("asked for %q", a.query.Sort)
			}
			rows := screen(m)
			i := slices.IndexFunc(rows, func(r string) bool { return strings.Contains(r, "PENDING▾") })
			if !strings.Contains(rows[i+1], "rosey-tui@attic") {
				t.Errorf("the first by pending is %q", rows[i+1])
			}
		}
	}
	press(t, m, "esc")
	if m.shown != viewRoom {
		t.Error("esc does not leave")
	}
}

// One reading of a counter makes no rate, and no rate is not none.
func TestNoRateBeforeTheSecondReading(t *testing.T) {
	m, a := figureModel(t, 120, 40)
	a.report = busReport(12)
	run1(m, m.open(viewBus))
	shows(t, m, " in        – msg/s")
	hides(t, m, " 0 msg/s")
	openFigures(m, a, viewBus)
	shows(t, m, " in      120 msg/s")
}

// What is not shown asks nothing, and one question is under way at a time.
func TestFiguresAskOnlyWhileShown(t *testing.T) {
	m, a := figureModel(t, 120, 40)
	asked := 0
	m.deps.nats = func(bus.NATSQuery) (bus.NATSReport, error) { asked++; return a.report, nil }
	first := m.open(viewBus)
	if asked != 0 {
		t.Fatal("opening asks within Update")
	}
	m.now = m.now.Add(5 * time.Second)
	run1(m, m.view().want(m)) // while the first is under way
	if asked != 0 {
		t.Error("a second question while the first is under way")
	}
	run1(m, first)
	press(t, m, "f2")
	for range 10 {
		m.now = m.now.Add(time.Second)
		run1(m, m.view().want(m))
	}
	if asked != 1 {
		t.Errorf("asked %d times, want once", asked)
	}
}

// A cluster is told as a whole and server by server.
func TestBusPageOfACluster(t *testing.T) {
	m, a := figureModel(t, 120, 50)
	cluster := func(seconds int) bus.NATSReport {
		r := busReport(seconds)
		one := r.Servers[0]
		r.Servers = nil
		for i := range 3 {
			one.Name, one.Cluster = fmt.Sprintf("own-%d", i), "own"
			one.MsgsIn += uint64(seconds)
			r.Servers = append(r.Servers, one)
		}
		for i := range r.Conns {
			r.Conns[i].Server = fmt.Sprintf("own-%d", i%3)
		}
		return r
	}
	a.report = cluster(12)
	run1(m, m.open(viewBus))
	a.report = cluster(13)
	m.now = m.now.Add(5 * time.Second)
	run1(m, m.view().want(m))
	shows(t, m, "own 2.15.2, 3 servers")
	shows(t, m, "rosey-db @own-1")
	for i, want := range []string{"121", "122", "123"} { // messages a second into each
		rows := screen(m)
		at := slices.IndexFunc(rows, func(r string) bool { return strings.HasPrefix(r, fmt.Sprintf(" own-%d", i)) })
		if at < 0 || !slices.Contains(strings.Fields(rows[at]), want) {
			t.Errorf("no row of own-%d with %s:\n%s", i, want, strings.Join(rows, "\n"))
		}
	}
	requireShape(t, m, 120, 50)
}

// While NATS is away the last figures stay, and say that they are old.
func TestBusPageWithoutNATS(t *testing.T) {
	m, a := figureModel(t, 160, 40)
	openFigures(m, a, viewBus)
	m.Update(linkMsg{bus.Link{State: room.LinkDown}})
	m.deps.nats = func(bus.NATSQuery) (bus.NATSReport, error) { t.Error("asked"); return bus.NATSReport{}, nil }
	m.now = m.now.Add(5 * time.Second)
	run1(m, m.view().want(m))
	shows(t, m, "NATS is not reachable: figures of 21:04:13")
	shows(t, m, "rosey-bot")
}

// A console that the wizard of F9 opened has no bus to ask yet.
func TestTheSortKeyAsksNobodyWithoutABus(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	m.deps.busSources = busSources{}
	m.open(viewBus)
	if cmd := press(t, m, "s"); cmd != nil {
		cmd()
	}
	requireShape(t, m, 120, 40)
}

// TestOwnFaultsSayFromWhen: an old one must not look like a present one.
func TestOwnFaultsSayFromWhen(t *testing.T) {
	m, a := figureModel(t, 160, 60)
	a.faults.Bad, a.faults.LastError = 3, "unreadable payload on rosey.events.movienight.message"
	openFigures(m, a, viewBus)
	shows(t, m, "since "+clockText(evening.Add(-time.Hour), false)+" 0 dropped for being slow, 0 denied, 3 not believed")
}
