package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"rosey/bus"
	"rosey/config"
)

// Exit codes, also listed by `rosey help`.
const (
	exitOK     = 0
	exitError  = 1
	exitUsage  = 2
	exitConfig = 3
	exitNATS   = 4

	exitRefused  = 5  // of rosey shell: the command was refused
	exitNoEffect = 6  // of rosey shell: nothing came of it in time
	exitPending  = 7  // of check: some things have not been seen yet
	exitDue      = 10 // of migrate --check: a migration is due
)

// outcomeError ends a command that has said itself what is wrong.
type outcomeError struct{ code int }

func (e outcomeError) Error() string { return "not all was done" }

// usageError is a command line that cannot be understood.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// codedError is an error whose exit code is not the one that its kind has
// elsewhere.
type codedError struct {
	code int
	err  error
}

func (e codedError) Error() string { return e.err.Error() }
func (e codedError) Unwrap() error { return e.err }

// exitCode maps an error to the process's exit code.
func exitCode(err error) int {
	var usage usageError
	var bad *config.Error
	var child exited
	var said outcomeError
	var coded codedError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &child):
		return child.code
	case errors.As(err, &said):
		return said.code
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &coded):
		return coded.code
	case errors.As(err, &bad):
		return exitConfig
	case errors.Is(err, bus.ErrUnreachable), errors.Is(err, bus.ErrAuth), errors.Is(err, bus.ErrPortInUse), errors.Is(err, bus.ErrNobody):
		return exitNATS
	default:
		return exitError
	}
}

// report says on w what went wrong, which may take several lines, and, for a
// bad command line, where to look.
func report(w io.Writer, err error, command string) {
	if errors.As(err, new(outcomeError)) {
		return
	}
	for line := range strings.Lines(err.Error() + "\n") {
		fmt.Fprintf(w, "rosey: %s", line)
	}
	var usage usageError
	if errors.As(err, &usage) {
		fmt.Fprintf(w, "Try: %s --help\n", command)
	}
}
