package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Find gives the path of the configuration to load: the one named by flag, by
// $ROSEY_CONFIG, config.json, .yaml or .yml here, or the same in ConfigDir.
// A file that was named is not looked for: Load says when it is missing. The
// error is an *Error; errors.Is(err, ErrNone) when there is none anywhere.
func Find(flag string) (string, error) {
	if flag != "" {
		return flag, nil
	}
	if env := os.Getenv("ROSEY_CONFIG"); env != "" {
		return env, nil
	}
	folders := []string{"."}
	if dir, err := ConfigDir(); err == nil {
		folders = append(folders, dir)
	}
	for _, dir := range folders {
		for _, name := range []string{"config.json", "config.yaml", "config.yml"} {
			path := filepath.Join(dir, name)
			if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
				return path, nil
			}
		}
	}
	return "", &Error{Err: ErrNone, Problems: []Problem{{
		File: "config",
		What: "found no config.json, config.yaml or config.yml in " + strings.Join(folders, " or "),
		Do:   "name one with --config or $ROSEY_CONFIG, or write one with: rosey config init",
	}}}
}
