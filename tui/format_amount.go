package tui

import (
	"fmt"
)

// count is n of what, in numbers that can be read.
func count(n uint64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return grouped(n) + " " + what + "s"
}

func grouped(n uint64) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return grouped(n/1000) + fmt.Sprintf(",%03d", n%1000)
}

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
