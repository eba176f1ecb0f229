package room

import (
	"encoding/json"
	"fmt"
	"testing"
)

func crowd(n int) State {
	list := &UserList{}
	for i := range n {
		list.Users = append(list.Users, User{Name: fmt.Sprintf("User_%04d", i), Rank: 1})
	}
	return fold(list)
}

func longQueue(n int) State {
	list := &Playlist{}
	for i := range n {
		list.Items = append(list.Items, Item{UID: i, Media: Media{Title: "title"}, QueueBy: "someone"})
	}
	return fold(list)
}

func BenchmarkApply(b *testing.B) {
	room500, queue4000 := crowd(500), longQueue(4000)
	for _, bm := range []struct {
		name string
		s    State
		e    Event
	}{
		{"message", room500, &Message{User: "User_0001", Content: "hello"}},
		{"user_join/500", room500, join("newcomer", 1)},
		{"user_rank/500", room500, &UserRank{User: "user_0250", Rank: 2}},
		{"queued/4000", queue4000, queue(9000, behind(3999))},
		{"media_update", fold(&MediaChange{}), &MediaUpdate{Position: 5, Time: 1}},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Apply(bm.s, bm.e)
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	const line = "look at https://example.com/a?b=1&c=2, it's > 9000 🎉"
	data, err := json.Marshal(&Message{
		User: "someone", Content: line, Timestamp: 1795470701, Time: 1795470701450,
		Spans: []Span{{Text: "look at "}, {Kind: SpanLink, Text: "https://example.com/a?b=1&c=2", Link: "https://example.com/a?b=1&c=2"}, {Text: ", it's > 9000 🎉"}},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("message", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Decode("message", data); err != nil {
				b.Fatal(err)
			}
		}
	})
	// What the cleaning alone costs of that.
	b.Run("clean", func(b *testing.B) {
		b.ReportAllocs()
		e, err := Decode("message", data)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			CleanAll(e)
		}
	})
}

func BenchmarkSplit(b *testing.B) {
	text := languages[0] + languages[4] + languages[19]
	for len(text) < 2000 {
		text += " " + text
	}
	b.ReportAllocs()
	for b.Loop() {
		Split(text, 320)
	}
}
