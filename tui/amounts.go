package tui

import (
	"fmt"
	"time"
)

// bytesText is a size as one reads it: 812 B, 4.1 MB.
func bytesText(n float64) string {
	const units = "kMGTPE"
	if n < 1000 {
		return fmt.Sprintf("%.0f B", n)
	}
	i := -1
	for n >= 999.5 && i < len(units)-1 {
		n /= 1000
		i++
	}
	if n < 9.95 {
		return fmt.Sprintf("%.1f %cB", n, units[i])
	}
	return fmt.Sprintf("%.0f %cB", n, units[i])
}

// figure is a rate or another amount that need not be whole, short: 0, 0.3,
// 12, 1,204.
func figure(n float64) string {
	switch {
	case n < 0.05:
		return "0"
	case n < 9.95:
		return fmt.Sprintf("%.1f", n)
	}
	return grouped(uint64(n + 0.5))
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
