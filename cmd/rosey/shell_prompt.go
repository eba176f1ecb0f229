package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// typed is what a read from the terminal gave.
type typed struct {
	text string
	err  error
}

// prompted runs what a person types until they leave. The terminal is raw only
// while a line is edited, so that Ctrl-C ends a command that is waited for.
func (s *shell) prompted(ctx context.Context, tty *os.File) int {
	s.prompt = true
	editor := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{tty, s.out}, s.room+"> ")
	complete := s.completer(ctx, editor)
	editor.AutoCompleteCallback = complete
	code := exitOK
	for {
		line, err := s.edit(ctx, tty, editor)
		switch text := strings.TrimSpace(line); {
		case errors.Is(err, io.EOF), ctx.Err() != nil:
			fmt.Fprintln(s.out)
			return code
		case err != nil && !errors.Is(err, term.ErrPasteIndicator):
			fmt.Fprintf(s.err, "rosey: read from terminal: %v\n", err)
			return exitError
		case text == "exit" || text == "quit":
			return code
		case text != "":
			code = worse(code, s.line(ctx, line))
		}
	}
}

// edit reads one line with the terminal raw.
func (s *shell) edit(ctx context.Context, tty *os.File, editor *term.Terminal) (string, error) {
	if width, height, err := term.GetSize(int(tty.Fd())); err == nil && width > 0 {
		_ = editor.SetSize(width, height) // it only redraws
	}
	before, err := term.MakeRaw(int(tty.Fd()))
	if err != nil {
		return "", fmt.Errorf("set up terminal: %w", err)
	}
	editor.SetBracketedPasteMode(true)
	line, err := await(ctx, editor.ReadLine)
	if ctx.Err() == nil {
		editor.SetBracketedPasteMode(false) // it would wait for the reader else
	} else {
		fmt.Fprint(s.out, "\x1b[?2004l")
	}
	return line, errors.Join(err, term.Restore(int(tty.Fd()), before))
}

// await waits for a read, but not beyond ctx: the read then stays behind until
// the process ends, which it does.
func await(ctx context.Context, read func() (string, error)) (string, error) {
	done := make(chan typed, 1)
	go func() {
		text, err := read()
		done <- typed{text, err}
	}()
	select {
	case t := <-done:
		return t.text, t.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// asker asks on the terminal. Whatever is not a yes is a no.
func (s *shell) asker(tty *os.File) func(context.Context, string) bool {
	return func(ctx context.Context, question string) bool {
		fmt.Fprintf(s.err, "%s [y/N] ", question)
		answer, err := await(ctx, func() (string, error) { return readAnswer(tty) })
		if err != nil {
			fmt.Fprintln(s.err)
			return false
		}
		answer = strings.ToLower(strings.TrimSpace(answer))
		return answer == "y" || answer == "yes"
	}
}

// readAnswer reads a line byte by byte: what is typed behind it is for the
// prompt.
func readAnswer(r io.Reader) (string, error) {
	const most = 100
	var line []byte
	for one := make([]byte, 1); len(line) < most; {
		n, err := r.Read(one)
		if n == 1 && one[0] == '\n' {
			return string(line), nil
		}
		if err != nil {
			return "", err
		}
		line = append(line, one[:n]...)
	}
	return "", errors.New("the answer is too long")
}
