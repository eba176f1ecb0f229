package store

import (
	"fmt"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// BenchmarkSearch is on a million lines of two hundred people.
func BenchmarkSearch(b *testing.B) {
	const n, perBatch = 1_000_000, 5000
	s := openAt(b, filepath.Join(b.TempDir(), "bot_data.db"))
	defer s.closeAll()
	vocabulary := []string{"the", "movie", "is", "about", "to", "start", "lol", "what", "a", "great", "scene", "popcorn", "time", "hello"}
	for i := 0; i < n; i += perBatch {
		writes := make([]Write, perBatch)
		for j := range writes {
			k := i + j
			text := fmt.Sprintf("%s %s %s line %d", vocabulary[k%14], vocabulary[k/14%14], vocabulary[k/196%14], k)
			writes[j] = line(fmt.Sprintf("user_%03d", k%200), text, float64(k))
		}
		apply(b, s, writes...)
	}
	middle := time.UnixMilli(at(n / 2))
	for _, test := range []struct {
		name string
		q    Search
	}{
		{"page back", Search{Before: middle}},
		{"page back in room", Search{Before: middle, Room: "primary"}},
		{"page forward", Search{Since: middle, OldestFirst: true}},
		{"page of one person", Search{Before: middle, User: "USER_007"}},
		{"word", Search{Text: "movie"}},
		{"word in the middle", Search{Text: "popcorn", Before: middle}},
		{"rare word", Search{Text: "777777"}},
		{"without a word", Search{Text: "-movie"}},
		{"pattern", Search{Pattern: regexp.MustCompile(`line \d*77$`)}},
		{"pattern never found", Search{Pattern: regexp.MustCompile(`nothing$`)}},
	} {
		b.Run(test.name, func(b *testing.B) {
			b.ReportAllocs()
			test.q.Limit = 200
			for b.Loop() {
				if _, err := s.Search(b.Context(), test.q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
