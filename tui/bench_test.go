package tui

import (
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
)

// fill appends n lines to the room that m shows.
func fill(m *model, n int) {
	for i := range n {
		m.room().chat.append(&line{
			at: evening.UnixMilli(), kind: lineChat, name: fmt.Sprint("user", i%40),
			spans: plain(fmt.Sprintf("line %d of the bench, long enough to be broken now and then 🎬", i)),
		})
	}
}

func benchModel(b *testing.B, w, h, lines int) *model {
	o := testOptions()
	o.TUI.Scrollback = lines
	m, _ := testModel(b, o, w, h)
	m.Update(scene())
	fill(m, lines)
	return m
}

// BenchmarkView draws a screen that has been drawn before.
func BenchmarkView(b *testing.B) {
	for _, lines := range []int{1_000, 100_000} {
		b.Run(fmt.Sprintf("200x60/%d", lines), func(b *testing.B) {
			m := benchModel(b, 200, 60, lines)
			b.ReportAllocs()
			for b.Loop() {
				m.View()
			}
		})
	}
}

// BenchmarkWide draws what only wide screens show, beside 100,000 lines.
func BenchmarkWide(b *testing.B) {
	for _, what := range []string{"playlist", "card", "log", "two rooms"} {
		b.Run(what, func(b *testing.B) {
			m := benchModel(b, 200, 60, 100_000)
			m.Update(deeds(5_000))
			v := m.room()
			for i := range 2_000 {
				v.state.Playlist = append(v.state.Playlist, room.Item{UID: 10 + i, QueueBy: "somebody", Media: room.Media{Title: "A title that is longer than a row of the pane is wide", Seconds: 100}})
			}
			switch what {
			case "card":
				m.detail.tab, v.about = detailCard, "bob"
				settle(m, m.detail.card.follow(m, v, "bob"))
			case "log":
				m.detail.tab = detailLog
			case "two rooms":
				m.addRoom("den")
				m.toggleSplit()
			}
			b.ReportAllocs()
			for b.Loop() {
				m.View()
			}
		})
	}
}

// BenchmarkQueueChanges draws the playlist of 2,000 items while the room's state
// changes with each frame.
func BenchmarkQueueChanges(b *testing.B) {
	m := benchModel(b, 200, 60, 1_000)
	v := m.room()
	for i := range 2_000 {
		v.state.Playlist = append(v.state.Playlist, room.Item{UID: 10 + i, QueueBy: "somebody", Media: room.Media{Title: "A title that is longer than a row of the pane is wide", Seconds: 100}})
	}
	m.open(viewPlaylist)
	b.ReportAllocs()
	for b.Loop() {
		v.rev++
		m.View()
	}
}

// BenchmarkViewScrolledUp draws the middle of a long scrollback.
func BenchmarkViewScrolledUp(b *testing.B) {
	m := benchModel(b, 200, 60, 100_000)
	m.room().chat.hold(50_000, 0)
	b.ReportAllocs()
	for b.Loop() {
		m.View()
	}
}

// BenchmarkNewLine takes one line in and draws the screen.
func BenchmarkNewLine(b *testing.B) {
	m := benchModel(b, 120, 40, 5_000)
	batch := updates("movienight", event(message("21:04", "bob", "a new line of a usual length, in a room with a full scrollback")))
	b.ReportAllocs()
	for b.Loop() {
		m.Update(batch)
		m.View()
	}
}

// BenchmarkFloodFrame takes in a frame's share of 5,000 lines a second and
// draws the screen: 30 of these are a second of flood.
func BenchmarkFloodFrame(b *testing.B) {
	m := benchModel(b, 120, 40, 5_000)
	batch := batchMsg{at: evening}
	for n := range 5000 / 30 {
		batch.updates = append(batch.updates, roomUpdate{room: "movienight", Update: event(message("21:04", "bob", fmt.Sprint("flood ", n)))})
	}
	b.ReportAllocs()
	for b.Loop() {
		m.Update(batch)
		m.View()
	}
}

// BenchmarkResize breaks every visible line anew.
func BenchmarkResize(b *testing.B) {
	m := benchModel(b, 120, 40, 5_000)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		m.Update(tea.WindowSizeMsg{Width: 100 + n%50, Height: 40})
		m.View()
	}
}
