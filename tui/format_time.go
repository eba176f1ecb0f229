package tui

import (
	"fmt"
	"time"
)

// clock12 tells which clock the person reads, everywhere.
func (m *model) clock12() bool { return m.opts.TUI.ClockFormat == "12h" }

// clockText is a time of day.
func clockText(t time.Time, clock12 bool) string {
	if clock12 {
		return t.Format("03:04pm")
	}
	return t.Format("15:04")
}

// dateTime is a day with its time, and its year where that matters.
func (m *model) dateTime(t time.Time, year bool) string {
	t = t.In(m.loc)
	day := "2 Jan "
	if year {
		day = "2 Jan 2006 "
	}
	return t.Format(day) + clockText(t, m.clock12())
}

// sinceText is from when something is counted: the time of day, or the day
// where that is another.
func (m *model) sinceText(t time.Time) string {
	t = t.In(m.loc)
	y, d := t.Year(), t.YearDay()
	if now := m.now.In(m.loc); y == now.Year() && d == now.YearDay() {
		return clockText(t, m.clock12())
	}
	return t.Format("2 Jan")
}

// clockLength is seconds as a player shows them: 4:05, 1:19:02.
func clockLength(seconds float64) string {
	if seconds < 0 {
		return "-" + clockLength(-seconds)
	}
	s := int64(seconds)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// spoken is a length of time in ms as one says it: a moment, 42 s, 3 min, 2 h 5 min.
func spoken(ms int64) string {
	s := (ms + 500) / 1000
	switch {
	case s < 1:
		return "a moment"
	case s < 100:
		return fmt.Sprintf("%d s", s)
	case s < 6000:
		return fmt.Sprintf("%d min", (s+30)/60)
	}
	return fmt.Sprintf("%d h %d min", s/3600, s/60%60)
}

// milliseconds is a round trip, as exact as it is of use.
func milliseconds(ms float64) string {
	switch {
	case ms < 0.95:
		return fmt.Sprintf("%.1fms", ms)
	case ms < 1000:
		return fmt.Sprintf("%.0fms", ms)
	}
	return fmt.Sprintf("%.1fs", ms/1000)
}

// secondsUntil is the countdown to at: whole seconds, never negative.
func secondsUntil(now, at time.Time) int {
	return int(max(0, at.Sub(now)+time.Second-1) / time.Second)
}

// lasted is a length of time in two units at most: 42s, 3m12s, 2h14m, 3d4h.
func lasted(d time.Duration) string {
	s := int64(max(0, d) / time.Second)
	switch {
	case s < 60:
		return fmt.Sprintf("%ds", s)
	case s < 3600:
		return fmt.Sprintf("%dm%ds", s/60, s%60)
	case s < 24*3600:
		return fmt.Sprintf("%dh%dm", s/3600, s/60%60)
	}
	return fmt.Sprintf("%dd%dh", s/86400, s/3600%24)
}

// tripText is a round trip: 0.21ms, 4.0ms, 1.2s.
func tripText(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	if ms > 0 && ms < 0.995 {
		return fmt.Sprintf("%.2fms", ms)
	}
	return milliseconds(ms)
}
