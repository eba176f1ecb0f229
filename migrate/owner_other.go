//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package migrate

import (
	"io/fs"
	"os"
)

// Where files have no owner of the kind that Unix has, there is nothing to keep
// and nobody to refuse.

func foreignOwner(fs.FileInfo) (name string, foreign bool) { return "", false }

func keepOwner(*os.File, fs.FileInfo) (lostOf, error) { return lostOf{}, nil }

func writable(string) bool { return true }
