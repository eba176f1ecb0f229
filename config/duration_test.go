package config

import (
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"90s": 90 * time.Second, "10m": 10 * time.Minute, "2h": 2 * time.Hour, "3d": 3 * day, "1w": 7 * day,
		"1h30m": 90 * time.Minute, "30m1h": 90 * time.Minute, "1w2d3h": 9*day + 3*time.Hour, "2D": 2 * day,
		"1.5d": 36 * time.Hour, ".5h": 30 * time.Minute, "250ms": 250 * time.Millisecond, "1m500ms": time.Minute + time.Second/2,
		"0s": 0, "1h0m0s": time.Hour, "100w": 700 * day,
	} {
		if got, err := ParseDuration(text); err != nil || got != want {
			t.Errorf("%s: %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "0", "3", "d", "w2", "-3d", "+1h", "3 d", "1e9w", "999999999d", "5219w5219w", "1.2.3h", "...d", "99999999999999999999s", "yesterday", "5µs"} {
		if got, err := ParseDuration(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
	if got, err := ParseDuration((26*time.Hour + 1500*time.Millisecond).String()); err != nil || got != 26*time.Hour+1500*time.Millisecond {
		t.Errorf("%v, %v", got, err)
	}
}
