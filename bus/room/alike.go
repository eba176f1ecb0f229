package room

import "strings"

// looks folds what one takes for another: CyTube itself refuses names that
// differ only in these (PROTOCOL.md §3).
var looks = strings.NewReplacer("o", "0", "l", "1", "i", "1", "-", "", "_", "")

// Alike tells whether two different names could be mistaken for one another:
// they look the same, or one letter is wrong in a name of some length.
func Alike(a, b string) bool {
	if Fold(a) == Fold(b) {
		return false
	}
	a, b = looks.Replace(Fold(a)), looks.Replace(Fold(b))
	if len(a) > len(b) {
		a, b = b, a
	}
	return a == b || len(a) >= 4 && oneEdit(a, b)
}

// oneEdit tells whether one letter put in, left out or changed makes a of b;
// a is not the longer.
func oneEdit(a, b string) bool {
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch len(b) - len(a) {
	case 0:
		return i < len(a) && a[i+1:] == b[i+1:]
	case 1:
		return a[i:] == b[i+1:]
	}
	return false
}
