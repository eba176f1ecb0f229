package bot

import (
	"crypto/md5"
	"encoding/base64"
	"strconv"
	"strings"
)

// uncloak finds the IPv4 addresses that CyTube masks in this way, as v0.5.0's
// user command did (COMPAT.md §4). The mask of a part is the beginning of a
// hash over the parts in front of it, itself and its place, so that one part
// after another can be tried out: there is nothing secret in it. The result is
// empty for what is masked otherwise, and seldom has more than one.
func uncloak(masked string) []string {
	parts := strings.Split(masked, ".")
	if len(parts) != 4 {
		return nil
	}
	type guess struct{ address, hashed string }
	guesses := []guess{{}}
	for place, part := range parts {
		var fit []guess
		for _, g := range guesses {
			for n := range 256 {
				number := strconv.Itoa(n)
				sum := md5.Sum([]byte(g.hashed + number + strconv.Itoa(place)))
				if base64.StdEncoding.EncodeToString(sum[:])[:3] == part {
					fit = append(fit, guess{g.address + "." + number, g.hashed + number})
				}
			}
		}
		guesses = fit
	}
	var list []string
	for _, g := range guesses {
		list = append(list, g.address[1:])
	}
	return list
}
