package config

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// MaxSize bounds what ReadFile reads; a real configuration is a few kilobytes.
const MaxSize = 1 << 20

// What OpenFile and ReadFile refuse, for errors.Is.
var (
	ErrFolder   = errors.New("it is a directory, not a file")
	ErrNotFile  = errors.New("it is a pipe, a socket or a device, not a file")
	ErrTooLarge = fmt.Errorf("larger than %d bytes", MaxSize)
)

// ReadFile reads a file that a person named, or that rosey keeps, and that is
// small: a configuration, a key, a choice. What is no file to read, or too
// large for such a one, is an error.
func ReadFile(path string) ([]byte, error) {
	f, err := OpenFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err == nil && len(data) > MaxSize {
		err = ErrTooLarge
	}
	return data, err
}

// OpenFile opens what is a file to read. Opening a named pipe would wait for
// somebody to write, for ever, and a device never ends.
func OpenFile(path string) (*os.File, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, ErrFolder
	case !info.Mode().IsRegular():
		return nil, ErrNotFile
	}
	return os.Open(path)
}

// Cause is a file error without the operation and the path.
func Cause(err error) error {
	var pathError *os.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
