package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// maxDuration bounds what a person may mean by a while.
const maxDuration = 100 * 366 * 24 * time.Hour

var (
	durationForm = regexp.MustCompile(`^(?:(?:\d+\.?\d*|\.\d+)(?:ms|[wdhms]))+$`)
	durationPart = regexp.MustCompile(`([\d.]+)(ms|[wdhms])`)
	durationUnit = map[string]time.Duration{
		"w": 7 * 24 * time.Hour, "d": 24 * time.Hour, "h": time.Hour,
		"m": time.Minute, "s": time.Second, "ms": time.Millisecond,
	}
)

// ParseDuration reads a length of time as a person writes it, in the config, as
// a flag or to the bot: 90s, 10m, 2h, 3d, 1w, 1.5h, and their sums such as
// 1h30m, in any case. A day has 24 hours. What Go writes is read back, to the millisecond.
func ParseDuration(text string) (time.Duration, error) {
	lower := strings.ToLower(text)
	if !durationForm.MatchString(lower) {
		return 0, fmt.Errorf("%q is no length of time: write one such as 90s, 10m, 2h, 3d or 1w", text)
	}
	var total time.Duration
	for _, part := range durationPart.FindAllStringSubmatch(lower, -1) {
		n, err := strconv.ParseFloat(part[1], 64)
		unit := durationUnit[part[2]]
		if err != nil || n > float64((maxDuration-total)/unit) {
			return 0, fmt.Errorf("%q is too long a time", text)
		}
		total += time.Duration(n * float64(unit))
	}
	return total, nil
}
