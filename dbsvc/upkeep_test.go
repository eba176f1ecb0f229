package dbsvc

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"rosey/dbsvc/store"
)

func TestWhatRetentionTookIsSaidOnce(t *testing.T) {
	var said bytes.Buffer
	s := &Service{log: slog.New(slog.NewTextHandler(&said, nil))}
	s.sayRemoved(nil, true)
	removed := []store.Removed{{What: "lines of recent_chat", Rows: 812, Keep: 150 * time.Hour}, {What: "user counts", Rows: 3, Keep: time.Hour}}
	s.sayRemoved(removed, true)
	s.sayRemoved(removed, false)
	if got := said.String(); strings.Count(got, "\n") != 1 ||
		!strings.Contains(got, "812 lines of recent_chat older than 150h0m0s, 3 user counts older than 1h0m0s") {
		t.Errorf("said %s", got)
	}
}

func TestAClockThatJumpsDeletesNothing(t *testing.T) {
	born := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	tests := []struct {
		name string
		wall time.Time
		want time.Time
	}{
		{"steady", born.Add(time.Hour), born.Add(time.Hour)},
		{"ten years ahead", born.AddDate(10, 0, 0), born.Add(time.Hour)},
		{"set back a year", born.AddDate(-1, 0, 0), born.AddDate(-1, 0, 0)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := careful(born, time.Hour, tt.wall); !got.Equal(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
