package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"time"
)

const (
	passwordDeadline = 10 * time.Second // for one password_command
	passwordLimit    = 64 << 10         // bytes of a password, far above any
)

// paths makes the files that the configuration names absolute from its folder,
// and reports those that are not there.
func (d *decoder) paths(section reflect.Value, path, folder string) {
	for _, f := range fieldsOf(section.Type()) {
		v, key := section.Field(f.index), join(path, f.name)
		switch {
		case v.Kind() == reflect.Struct:
			d.paths(v, key, folder)
		case f.typ == reflect.SliceOf(platformType):
			for i := range v.Len() {
				d.paths(v.Index(i), key+"["+strconv.Itoa(i)+"]", folder)
			}
		case (f.is == isPath || f.is == isFolder) && v.String() != "":
			v.SetString(from(folder, v.String()))
			if f.is == isPath && f.name != "password_file" {
				d.readable(v.String(), key)
			}
		}
	}
}

// from gives the path of a file that is named relative to folder or to home.
func from(folder, name string) string {
	if rest, ok := strings.CutPrefix(name, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(folder, name)
}

func (d *decoder) readable(file, key string) {
	f, err := OpenFile(file)
	if err != nil {
		d.errorf(d.place(key), key, "correct the path, which is relative to the configuration, or the file's rights",
			"expected a file that can be read: %s: %v", file, Cause(err))
		return
	}
	_ = f.Close()
}

// passwords fetches those that lie in files or come from commands.
func (d *decoder) passwords(ctx context.Context, cfg *Config, folder string) {
	d.password(ctx, "nats", folder, &cfg.NATS.Password, cfg.NATS.PasswordFile, cfg.NATS.PasswordCommand)
	for i := range cfg.Platforms {
		if p := &cfg.Platforms[i]; p.Enabled {
			d.password(ctx, "platforms["+strconv.Itoa(i)+"]", folder, &p.Password, p.PasswordFile, p.PasswordCommand)
		}
	}
}

func (d *decoder) password(ctx context.Context, section, folder string, into *Secret, file string, command Secret) {
	switch {
	case file != "":
		key := section + ".password_file"
		text, err := readPassword(file)
		if err != nil {
			d.errorf(d.place(key), key, "correct the path, which is relative to the configuration, or the file's rights",
				"expected a file that holds the password: %v", err)
			return
		}
		d.private(file, d.place(key), key)
		*into = text
	case command != "":
		key := section + ".password_command"
		text, err := runPassword(ctx, folder, command.Reveal())
		if err != nil {
			d.errorf(d.place(key), key, "run it in a shell and see; rosey gives it no terminal",
				"expected a command that prints the password: %v", err)
			return
		}
		*into = text
	}
}

// PasswordIn is the password in a file that a configuration in folder names.
func PasswordIn(folder, file string) (Secret, error) { return readPassword(from(folder, file)) }

// readPassword's errors leave the path out: it may be a password, put under the
// wrong key.
func readPassword(file string) (Secret, error) {
	f, err := OpenFile(file)
	if err != nil {
		return "", Cause(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, passwordLimit+1))
	if err != nil {
		return "", Cause(err)
	}
	return trimPassword(text)
}

// runPassword runs a command line in folder until ctx ends. What the command
// printed is in no error.
func runPassword(ctx context.Context, folder, line string) (Secret, error) {
	ctx, cancel := context.WithTimeout(ctx, passwordDeadline)
	defer cancel()
	var out capped
	cmd := exec.CommandContext(ctx, "sh", "-c", line)
	cmd.Dir = folder
	cmd.Stdout = &out
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return "", errors.New("it was cut short, rosey was told to stop")
	case ctx.Err() != nil:
		return "", errors.New("it did not end in time")
	case len(out.text) > passwordLimit:
		return "", errTooLong
	case errors.As(err, &exit):
		return "", fmt.Errorf("it ended with %s", exit.ProcessState)
	case err != nil:
		return "", Cause(err)
	}
	return trimPassword(out.text)
}

var (
	errTooLong = fmt.Errorf("more than %d bytes", passwordLimit)
	errNoText  = errors.New("nothing")
)

// trimPassword takes the line end off that editors and echo add.
func trimPassword(text []byte) (Secret, error) {
	if len(text) > passwordLimit {
		return "", errTooLong
	}
	text = bytes.TrimRight(text, "\r\n")
	if len(text) == 0 {
		return "", errNoText
	}
	return Secret(text), nil
}

// capped takes passwordLimit bytes and a few more, then breaks the pipe. It
// does not embed a bytes.Buffer, whose ReadFrom would take all there is.
type capped struct{ text []byte }

func (c *capped) Write(p []byte) (int, error) {
	if len(c.text) > passwordLimit {
		return 0, errTooLong
	}
	c.text = append(c.text, p...)
	return len(p), nil
}

// private warns of a file with a password that others can read.
func (d *decoder) private(file string, at position, key string) {
	info, err := os.Stat(file)
	if err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&0o077 == 0 {
		return
	}
	d.warnf(at, key, "run: chmod 600 "+ShellQuote(file),
		"others on this machine can read %s (mode %04o), and it holds a password", file, info.Mode().Perm())
}
