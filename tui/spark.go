package tui

import "strings"

// sparkSteps are the eighths of a cell.
var sparkSteps = []rune("▁▂▃▄▅▆▇█")

// spark draws the last w values as one row, its top at the largest of them. A
// value of nothing is the lowest line, so that a quiet time is seen as one.
func spark(values []float64, w int) string {
	if len(values) > w {
		values = values[len(values)-w:]
	}
	top := 0.0
	for _, v := range values {
		top = max(top, v)
	}
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", max(0, w-len(values))))
	for _, v := range values {
		step := 0
		if top > 0 {
			step = int(v / top * float64(len(sparkSteps)-1))
		}
		b.WriteRune(sparkSteps[max(0, min(step, len(sparkSteps)-1))])
	}
	return b.String()
}

// bar is share of w cells, in eighths; the least that is not nothing shows.
func bar(share float64, w int) string {
	const eighths = " ▏▎▍▌▋▊▉"
	n := int(share*float64(w*8) + 0.5)
	if n == 0 && share > 0 {
		n = 1
	}
	n = max(0, min(n, w*8))
	out := strings.Repeat("█", n/8)
	if rest := n % 8; rest > 0 {
		out += string([]rune(eighths)[rest])
	}
	return out
}
