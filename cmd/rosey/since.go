package main

import (
	"fmt"
	"time"

	"rosey/config"
)

// since is a flag that says from when on: so long ago, or at a time.
type since struct{ time.Time }

// sinceHelp is what the flag takes, for the help texts.
const sinceHelp = "a duration such as 90m, 36h, 3d or 2w, or a time such as 2026-11-20 or \"2026-11-20 18:30\""

func (s *since) Set(text string) (err error) {
	s.Time, err = parseSince(text, time.Now())
	return err
}

func (s *since) String() string {
	if s.IsZero() {
		return ""
	}
	return s.Format(time.DateTime)
}

// Type stands behind the flag in the help text.
func (s *since) Type() string { return "time" }

// unixMS is the time, 0 where none was given.
func (s *since) unixMS() int64 {
	if s.IsZero() {
		return 0
	}
	return s.UnixMilli()
}

// parseSince reads what sinceHelp promises. Times without a zone are local.
func parseSince(text string, now time.Time) (time.Time, error) {
	if d, err := config.ParseDuration(text); err == nil {
		if d <= 0 {
			return time.Time{}, fmt.Errorf("%q is no time in the past: write a duration such as 3d", text)
		}
		return now.Add(-d), nil
	}
	for _, layout := range []string{time.DateOnly, time.DateTime, "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02T15:04:05", time.RFC3339} {
		t, err := time.ParseInLocation(layout, text, now.Location())
		switch {
		case err != nil:
		case t.After(now):
			return time.Time{}, fmt.Errorf("%s lies ahead", text)
		default:
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not understood: write %s", text, sinceHelp)
}
