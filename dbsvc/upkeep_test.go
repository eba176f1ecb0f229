package dbsvc

import (
	"testing"
	"time"
)

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
