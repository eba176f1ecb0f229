package main

import (
	"testing"
	"time"
)

func TestSince(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skipf("no time zones here: %v", err)
	}
	now := time.Date(2026, 11, 24, 15, 0, 0, 0, berlin)
	ago := func(d time.Duration) string { return now.Add(-d).Format(time.RFC3339) }
	for text, want := range map[string]string{
		"90m":                       ago(90 * time.Minute),
		"48h":                       ago(48 * time.Hour),
		"3d":                        ago(72 * time.Hour),
		"2w":                        ago(14 * 24 * time.Hour),
		"1w2d3h":                    ago((9*24 + 3) * time.Hour),
		"1.5d":                      ago(36 * time.Hour),
		"2026-11-20":                "2026-11-20T00:00:00+01:00",
		"2026-07-01":                "2026-07-01T00:00:00+02:00", // the zone as it was then
		"2026-11-20 18:30":          "2026-11-20T18:30:00+01:00",
		"2026-11-20T18:30":          "2026-11-20T18:30:00+01:00",
		"2026-11-20T18:30:05Z":      "2026-11-20T18:30:05Z",
		"2026-11-20 18:30:05":       "2026-11-20T18:30:05+01:00",
		"2026-11-20T18:30:05+09:00": "2026-11-20T18:30:05+09:00",
	} {
		got, err := parseSince(text, now)
		if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%s: %v, %v, want %s", text, got.Format(time.RFC3339), err, want)
		}
	}
	for _, text := range []string{"", "0", "-3d", "-1h", "0d", "3", "d", "w2", "3 d", "yesterday", "2026-11-25", "2026-13-01", "1e9w", "999999999d", "...d"} {
		if got, err := parseSince(text, now); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}
