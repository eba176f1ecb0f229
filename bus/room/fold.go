package room

import "strings"

// Fold is the form in which names are compared: CyTube treats Alice and alice
// as one person (PROTOCOL.md §3). Names are shown as written.
func Fold(name string) string { return strings.ToLower(name) }

// compareFolded orders names as strings.Compare(Fold(a), Fold(b)) does, and
// spares the copies that Fold makes of names with capitals.
func compareFolded(a, b string) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		x, y := a[i], b[i]
		if x >= 0x80 || y >= 0x80 {
			return strings.Compare(Fold(a), Fold(b))
		}
		if x, y = lower(x), lower(y); x != y {
			// A later non-ASCII letter cannot change what already differs.
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

func lower(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}
