package config

import (
	"fmt"
	"os"
	"path/filepath"
)

// The XDG Base Directory folders of rosey. None of these functions creates the
// folder. They fail only where there is neither the variable nor a home.

// ConfigDir is where the user's configuration and themes lie.
func ConfigDir() (string, error) { return xdg("XDG_CONFIG_HOME", ".config") }

// DataDir is where what must be kept lies, the embedded server's streams among it.
func DataDir() (string, error) { return xdg("XDG_DATA_HOME", ".local", "share") }

// StateDir is where generated credentials, logs and journals lie.
func StateDir() (string, error) { return xdg("XDG_STATE_HOME", ".local", "state") }

// xdg gives rosey's folder under the variable's, or under the fallback in the
// home folder. The specification has relative paths in a variable ignored.
func xdg(variable string, fallback ...string) (string, error) {
	if dir := os.Getenv(variable); filepath.IsAbs(dir) {
		return filepath.Join(dir, "rosey"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find home folder (set HOME or %s): %w", variable, err)
	}
	return filepath.Join(append(append([]string{home}, fallback...), "rosey")...), nil
}
