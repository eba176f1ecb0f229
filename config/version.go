package config

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// ErrV1 lies beneath the error for a v1 file, which rosey migrate turns into v2.
var ErrV1 = errors.New("version 1 configuration")

// Version is the version that rosey writes.
const Version = "2.0"

var versionForm = regexp.MustCompile(`^v?(\d+)(?:\.(\d+))?(?:\.\d+)*$`)

// version decides whether the file is one that can be read at all: v2 in any of
// its spellings. It reports false after having said why not.
func (d *decoder) version(root *value) (ok, v1 bool) {
	v := root.get("version")
	flat := root.get("platforms") == nil && root.get("nats") == nil
	switch {
	case v.absent() && flat && looksV1(root):
		d.v1(root.at, "found the flat layout of version 1")
		return false, true
	case v.absent():
		d.warnf(root.at, "version", `add "version": "2.0"`, "the file does not say its version; read as 2.0")
		return true, false
	case v.kind != kindText && v.kind != kindNumber:
		d.errorf(v.at, "version", `write "2.0"`, "expected a version, found %s", v.found(false))
		return false, false
	}
	parts := versionForm.FindStringSubmatch(strings.TrimSpace(v.text))
	if parts == nil {
		d.errorf(v.at, "version", `write "2.0"`, "expected a version such as 2.0, found %s", v.found(true))
		return false, false
	}
	major, err := strconv.Atoi(parts[1])
	switch minor := strings.TrimLeft(parts[2], "0"); {
	case err != nil || major > 2:
		d.errorf(v.at, "version", "install a newer rosey", "found version %s; this rosey reads 2.x and migrates 1.x", shorten(v.text))
		return false, false
	case major < 2:
		d.v1(v.at, "found version "+shorten(v.text))
		return false, true
	case minor != "":
		d.warnf(v.at, "version", "look for a newer rosey, or for other warnings here",
			"version %s is newer than the %s that this rosey knows; read as far as it is known", shorten(v.text), Version)
	case v.kind != kindText || v.text != Version:
		d.warnf(v.at, "version", `write "2.0", in quotes`, "expected the text %q, found %s; read as that", Version, v.found(true))
	}
	return true, false
}

func (d *decoder) v1(at position, found string) {
	p := d.src.problem(at, "", "expected a version 2 configuration, "+found, "migrate it with: rosey migrate "+ShellQuote(d.src.name))
	p.Code = CodeV1
	d.refuse(p)
}

// looksV1 knows v1 by the keys that stood at its top level.
func looksV1(root *value) bool {
	for _, key := range []string{"domain", "channel", "user", "db", "server", "chat_log_file", "log_level"} {
		if root.get(key) != nil {
			return true
		}
	}
	return false
}

var shellSafe = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// ShellQuote makes a path safe to copy into a shell.
func ShellQuote(path string) string {
	if shellSafe.MatchString(path) {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
