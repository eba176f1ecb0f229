package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"

	"rosey/bus"
)

func TestFigureViews(t *testing.T) {
	for _, s := range []struct{ w, h int }{{40, 10}, {80, 24}, {120, 40}, {200, 60}} {
		for _, id := range []viewID{viewBus, viewStorage, viewLog} {
			t.Run(strings.ToLower(viewTable[id].title)+"-"+size(s.w, s.h), func(t *testing.T) {
				m, a := figureModel(t, s.w, s.h)
				openFigures(m, a, id)
				requireShape(t, m, s.w, s.h)
				golden.RequireEqual(t, strings.Join(screen(m), "\n"))
			})
		}
	}
}

// Every size, with everything and with nothing to show, scrolled to the end.
func TestFigureViewsFitEverySize(t *testing.T) {
	for _, id := range []viewID{viewBus, viewStorage, viewLog} {
		full, a := figureModel(t, 80, 24)
		openFigures(full, a, id)
		wild := &full.views[viewBus].(*busPage).report.reply
		for _, name := range []string{strings.Repeat("日本語", 30), "👨‍👩‍👧 family", strings.Repeat("e\u0301", 80)} {
			wild.Conns = append(wild.Conns, bus.NATSConn{Name: name, User: name, CID: 1 << 60, MsgsFrom: 1 << 60, BytesTo: 1 << 62, Idle: 9e17, Server: name})
			wild.Streams = append(wild.Streams, bus.NATSStream{Name: name, Messages: 1 << 60, Consumers: []bus.NATSConsumer{{Name: name, Lag: 1 << 60}}})
			wild.Missing = append(wild.Missing, name)
			full.journal.put(logEntry{key: name, at: 1, who: name, verb: name, target: name, reason: name, text: name + "\nsecond line"})
		}
		full.views[viewBus].(*busPage).sorted()
		bare, _ := testModel(t, testOptions(), 80, 24)
		bare.open(id)
		for _, m := range []*model{full, bare} {
			for w := 40; w <= 240; w += 7 {
				for h := 8; h <= 70; h += 9 {
					m.Update(tea.WindowSizeMsg{Width: w, Height: h})
					requireShape(t, m, w, h)
					press(t, m, "G")
					requireShape(t, m, w, h)
					press(t, m, "g")
				}
			}
		}
	}
}

func TestAmounts(t *testing.T) {
	for got, want := range map[string]string{
		bytesText(0): "0 B", bytesText(812): "812 B", bytesText(4_100_000): "4.1 MB", bytesText(999_600): "1.0 MB", bytesText(41e9): "41 GB",
		figure(0.01): "0", figure(0.3): "0.3", figure(12.4): "12", figure(1204): "1,204",
		lasted(42 * time.Second): "42s", lasted(192 * time.Second): "3m12s", lasted(134 * time.Minute): "2h14m", lasted(76 * time.Hour): "3d4h",
		tripText(210 * time.Microsecond): "0.21ms", tripText(4 * time.Millisecond): "4ms",
		spark([]float64{0, 1, 2, 4}, 6): "  ▁▂▄█", spark(nil, 3): "   ", bar(0.5, 4): "██", bar(0.001, 4): "▏", bar(2, 2): "██",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Views of figures are drawn for each batch: they must not cost more than the
// room does.
func BenchmarkFigureViews(b *testing.B) {
	for _, id := range []viewID{viewBus, viewStorage, viewLog} {
		b.Run(viewTable[id].title, func(b *testing.B) {
			m, a := figureModel(b, 200, 60)
			for i := range 5000 {
				m.journal.put(logEntry{key: fmt.Sprint(i), at: int64(i), who: "x", verb: "say", text: "a line of log"})
			}
			openFigures(m, a, id)
			for b.Loop() {
				m.View()
			}
		})
	}
}
