package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"rosey/bus"
	"rosey/bus/room"
)

// statusNoBot is for what --json prints where there is no bot to answer.
const statusNoBot bus.CommandStatus = "no_bot"

// outcome is what --json prints for each command.
type outcome struct {
	Line string `json:"line"`
	bus.CommandReply
}

// worse gives the worse of two exit codes.
func worse(a, b int) int {
	for _, code := range []int{exitError, exitNATS, exitUsage, exitRefused, exitNoEffect} {
		if a == code || b == code {
			return code
		}
	}
	return exitOK
}

// lines runs what a pipe brings until it ends or the bot is gone.
func (s *shell) lines(ctx context.Context, in io.Reader) int {
	r := bufio.NewReader(in)
	code := exitOK
	for ctx.Err() == nil {
		line, err := readLine(r)
		if text := strings.TrimSpace(line); text != "" && !strings.HasPrefix(text, "#") {
			code = worse(code, s.line(ctx, line))
		}
		if errors.Is(err, io.EOF) || code == exitNATS {
			return code
		}
		if err != nil {
			fmt.Fprintf(s.err, "rosey: read commands: %v\n", err)
			return exitError
		}
	}
	return exitError
}

// readLine reads a line. Of one that is longer than a command can be it keeps
// so much that it is seen to be too long.
func readLine(r *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, more, err := r.ReadLine()
		if len(line) <= 4*bus.MaxLine {
			line = append(line, part...)
		}
		if err != nil || !more {
			return string(line), err
		}
	}
}

// line runs a command as a person types it.
func (s *shell) line(ctx context.Context, line string) int {
	if name, rest, err := bus.CutCommand(line); err == nil && strings.EqualFold(name, "help") {
		return s.help(line, strings.TrimSpace(rest))
	}
	info, args, err := s.tree.Parse(line)
	switch {
	case err != nil:
		return s.unreadable(line, err)
	case info.Name == "":
		return exitOK
	}
	return s.command(ctx, line, info, args)
}

// words runs a command that a shell has split already.
func (s *shell) words(ctx context.Context, words []string) int {
	line := joined(words)
	if strings.EqualFold(words[0], "help") {
		return s.help(line, strings.Join(words[1:], " "))
	}
	if strings.TrimSpace(words[0]) == "" {
		return s.unreadable(line, errors.New("the command is empty: help lists them all"))
	}
	if _, err := bus.SplitLine(line); err != nil {
		return s.unreadable(line, err)
	}
	info, known := s.tree.Find(words[0])
	if !known {
		return s.unreadable(line, s.tree.Unknown(words[0]))
	}
	return s.command(ctx, line, info, words[1:])
}

// nobody is a command that no bot could be asked for. With --json a script
// finds that where it finds every other outcome.
func (s *shell) nobody(words []string, err error) error {
	if !s.json || len(words) == 0 || exitCode(err) != exitNATS {
		return err
	}
	s.print(joined(words), bus.CommandReply{Status: statusNoBot, Text: err.Error()})
	return outcomeError{exitNATS}
}

// joined are words as one line that a person could type.
func joined(words []string) string {
	if len(words) == 1 && strings.ContainsAny(words[0], " \t") {
		return words[0]
	}
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = bus.QuoteWord(w)
	}
	return strings.Join(quoted, " ")
}

func (s *shell) unreadable(line string, err error) int {
	s.print(line, bus.CommandReply{Status: bus.StatusRefused, Text: err.Error()})
	return exitUsage
}

// command runs one and prints what came of it.
func (s *shell) command(ctx context.Context, line string, info bus.CommandInfo, args []string) int {
	reply, err := s.carryOut(ctx, info, args)
	switch {
	case errors.Is(err, bus.ErrNobody), errors.Is(err, bus.ErrUnreachable):
		reply = bus.CommandReply{Status: statusNoBot, Text: err.Error()}
	case err != nil:
		reply = bus.CommandReply{Status: bus.StatusRefused, Text: err.Error()}
	}
	s.print(line, reply)
	return s.codeOf(reply.Status)
}

func (s *shell) codeOf(status bus.CommandStatus) int {
	switch status {
	case bus.StatusDone:
		return exitOK
	case bus.StatusPreview:
		if s.dryRun {
			return exitOK
		}
		return exitRefused
	case bus.StatusNoEffect, bus.StatusPending:
		return exitNoEffect
	case statusNoBot:
		return exitNATS
	}
	return exitRefused
}

// carryOut asks the person where that is due, and the bot.
func (s *shell) carryOut(ctx context.Context, info bus.CommandInfo, args []string) (bus.CommandReply, error) {
	cmd := bus.Command{Operator: s.operator, Args: args, Source: room.SourceShell, DryRun: s.dryRun}
	if s.ask == nil || s.yes || s.dryRun || !info.Destructive || info.Bulk {
		reply, err := bus.Do(ctx, s.conn, s.room, info.Name, cmd)
		if err != nil || reply.Status != bus.StatusPreview || s.dryRun {
			return reply, err
		}
		return s.confirm(ctx, info, cmd, reply)
	}
	cmd.DryRun = true
	would, err := bus.Do(ctx, s.conn, s.room, info.Name, cmd)
	if err != nil || would.Status != bus.StatusDone && would.Status != bus.StatusPreview {
		return would, err
	}
	if !s.ask(ctx, question(info, would)) {
		return unasked(would), nil
	}
	cmd.DryRun, cmd.Confirm = false, would.Confirm
	return bus.Do(ctx, s.conn, s.room, info.Name, cmd)
}

// confirm goes ahead with what a preview shows, when the person or --yes says
// so.
func (s *shell) confirm(ctx context.Context, info bus.CommandInfo, cmd bus.Command, preview bus.CommandReply) (bus.CommandReply, error) {
	if !s.yes {
		if s.ask == nil {
			return preview, nil
		}
		if !s.ask(ctx, strings.Join(append([]string{wouldDo(preview) + ":"}, preview.Targets...), "\n  ")+"\nGo ahead?") {
			return unasked(preview), nil
		}
	}
	cmd.Confirm = preview.Confirm
	return bus.Do(ctx, s.conn, s.room, info.Name, cmd)
}

// question is what a person is asked before a command that takes something from
// somebody: whom it is about, what will be, and how it is taken back.
func question(info bus.CommandInfo, would bus.CommandReply) string {
	q := wouldDo(would) + "? " + room.Clean(info.Help)
	if info.Inverse != "" {
		q += " " + info.Inverse + " takes it back."
	}
	return strings.TrimSpace(q)
}

// wouldDo is what a dry run says would be done, as a sentence begins: "Kick bob:
// caps".
func wouldDo(r bus.CommandReply) string {
	text := strings.TrimSuffix(strings.TrimPrefix(r.Text, "would "), "; nothing was done")
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

func unasked(would bus.CommandReply) bus.CommandReply {
	return bus.CommandReply{ID: would.ID, Status: bus.StatusRefused, Text: "nothing was done: you did not say yes", Targets: would.Targets}
}

func previewText(r bus.CommandReply) string {
	return strings.Join(append([]string{r.Text}, r.Targets...), "\n  ")
}

// print says what came of a command: what was asked for on the output,
// anything else beside it.
func (s *shell) print(line string, r bus.CommandReply) {
	line = room.Clean(line)
	if s.json {
		if err := s.printJSON(outcome{line, r}); err != nil {
			fmt.Fprintf(s.err, "rosey: print outcome: %v\n", err)
		}
		return
	}
	if r.Warning != "" {
		fmt.Fprintf(s.err, "warning: %s\n", r.Warning)
	}
	switch r.Status {
	case bus.StatusDone:
		fmt.Fprintln(s.out, r.Text)
	case bus.StatusPreview:
		fmt.Fprintln(s.out, previewText(r))
		if !s.dryRun {
			fmt.Fprintln(s.err, "rosey: nothing was done: --yes goes ahead")
		}
	default:
		fmt.Fprintf(s.err, "rosey: %s: %s\n", strings.ReplaceAll(string(r.Status), "_", " "), r.Text)
	}
	if s.prompt && r.Undo != "" {
		fmt.Fprintf(s.err, "(undo: %s)\n", r.Undo)
	}
}

// printJSON prints one line. Data comes from the bus as it is, so it is
// cleaned here.
func (s *shell) printJSON(o outcome) error {
	if len(o.Data) > 0 {
		var data any
		d := json.NewDecoder(strings.NewReader(string(o.Data)))
		d.UseNumber()
		if err := d.Decode(&data); err != nil {
			return fmt.Errorf("read data: %w", err)
		}
		room.CleanAll(&data)
		var clean bytes.Buffer
		if err := jsonLines(&clean).Encode(data); err != nil {
			return err
		}
		o.Data = clean.Bytes()
	}
	return jsonLines(s.out).Encode(o)
}
