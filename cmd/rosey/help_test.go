package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func everyCommand() []*cobra.Command {
	root, _ := newRoot(stdio{out: io.Discard, err: io.Discard})
	return append([]*cobra.Command{root}, commandsUnder(root)...)
}

// A newcomer reads help in a terminal of 80 columns, and learns from examples.
func TestEveryHelpFitsAndHasAnExample(t *testing.T) {
	for _, c := range everyCommand() {
		var b strings.Builder
		writeHelp(&b, c)
		text := b.String()
		for line := range strings.Lines(text) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > helpWidth {
				t.Errorf("%s: %d columns: %s", c.CommandPath(), n, line)
			}
		}
		examples := 0
		for _, p := range paragraphs(c.Long) {
			if p.literal && strings.Contains(strings.Join(p.lines, "\n"), c.CommandPath()) {
				examples++
			}
		}
		if examples == 0 {
			t.Errorf("%s has no example:\n%s", c.CommandPath(), text)
		}
		if strings.Contains(text, "[command]") || strings.Contains(text, "Available Commands") {
			t.Errorf("%s speaks otherwise than the others:\n%s", c.CommandPath(), text)
		}
	}
}

func TestHelpListsEveryExitCode(t *testing.T) {
	var b strings.Builder
	writeHelp(&b, everyCommand()[0])
	for _, e := range exitCodes {
		if !strings.Contains(b.String(), e.what) {
			t.Errorf("%d is not told: %s", e.code, e.what)
		}
	}
	codes := []int{exitOK, exitError, exitUsage, exitConfig, exitNATS, exitRefused, exitNoEffect, exitPending, exitDue}
	if len(codes) != len(exitCodes) {
		t.Errorf("%d codes are listed, %d there are", len(exitCodes), len(codes))
	}
}

// The manual has every command, every flag and every example as it was written.
func TestTheManualIsWhole(t *testing.T) {
	all := everyCommand()
	page := wholeManual(all[0])
	for _, c := range all[1:] {
		if !strings.Contains(page, `.SS "`+roff(c.CommandPath())+`"`) {
			t.Errorf("no %s", c.CommandPath())
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name == "help" {
				return // said once, of every command
			}
			for name, text := range map[string]string{"rosey.1": page, pageName(c) + ".1": manual(c)} {
				if !strings.Contains(text, roff("--"+f.Name)) {
					t.Errorf("%s has no --%s of %s", name, f.Name, c.CommandPath())
				}
			}
		})
		for _, p := range paragraphs(c.Long) {
			if !p.literal {
				continue
			}
			block := ".EX\n"
			for _, l := range p.lines {
				block += line(strings.TrimPrefix(l, "  ")) + "\n"
			}
			if !strings.Contains(page, block+".EE\n") {
				t.Errorf("%s: an example is filled: %s", c.CommandPath(), block)
			}
		}
	}
	for l := range strings.Lines(page) {
		if strings.HasPrefix(l, "'") || strings.Contains(l, "[=") {
			t.Errorf("roff reads this otherwise: %s", l)
		}
	}
}

// mandoc finds nothing to mend but the date, which a build without its history
// has not, and lines that are long in the source alone.
func TestMandocReadsTheManuals(t *testing.T) {
	mandoc, err := exec.LookPath("mandoc")
	if err != nil {
		t.Skip("there is no mandoc")
	}
	dir := t.TempDir()
	if err := writeManuals(dir, everyCommand()[0]); err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*.1"))
	if err != nil || len(pages) != len(everyCommand()) {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	out, _ := exec.Command(mandoc, append([]string{"-Tlint", "-Wwarning"}, pages...)...).CombinedOutput() // its code is the gravest word
	for l := range strings.Lines(string(out)) {
		if !strings.Contains(l, "missing date") {
			t.Error(l)
		}
	}
}

// No description that a shell shows has the marks that help and manual need.
func TestCompletionsAreInPlainWords(t *testing.T) {
	h := newHome(t)
	for _, c := range everyCommand() {
		words := strings.Fields(c.CommandPath())[1:]
		for _, last := range []string{"", "--"} {
			r := h.run(t, append(append([]string{"__complete"}, words...), last)...)
			if r.code != 0 || strings.Contains(r.out, "`") {
				t.Errorf("%s %s: %+v", c.CommandPath(), last, r)
			}
		}
	}
}

// bash completes for a person: this asks it what it would offer.
func TestBashCompletes(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	h := newHome(t)
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	h.write(t, "mine.yaml", "version: '2.0'\nnats: {url: nats://"+freeAddress(t)+"}\nplatforms:\n- {name: anime, domain: d, channel: a}\n- {name: movies, domain: d, channel: m}\n")
	// The script is for a line editor and for functions of the package
	// bash-completion; what stands here for them does as they do.
	const offer = `source <(rosey completion bash)
_get_comp_words_by_ref() { cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words=("${COMP_WORDS[@]}") cword=$COMP_CWORD; }
_init_completion() { _get_comp_words_by_ref; }
_filedir() { if [ "$1" = -d ]; then mapfile -t COMPREPLY < <(compgen -d -- "$cur"); else mapfile -t COMPREPLY < <(compgen -f -- "$cur"); fi; }
type() { echo builtin; }
compopt() { case "$*" in *+o\ default*) nofiles=1;; esac; }
COMP_WORDS=(rosey "$@") COMP_CWORD=$# COMP_LINE="rosey $*" COMP_POINT=${#COMP_LINE} COMP_TYPE=9
__start_rosey
if [ ${#COMPREPLY[@]} = 0 ] && [ -z "$nofiles" ]; then mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"); fi
printf '%s\n' "${COMPREPLY[@]}"`
	for _, tt := range []struct {
		words string
		want  []string
		not   string
	}{
		{"sh", []string{"shell"}, "mine.yaml"},
		{"shell ", []string{"kick", "mute", "playlist", "help"}, "mine.yaml"},
		{"shell ki", []string{"kick", "kickanons"}, ""},
		{"shell --json help mu", []string{"mute"}, ""},
		{"-c mine.yaml shell --room ", []string{"anime", "movies"}, "mine.yaml"},
		{"-c mine.yaml events --room m", []string{"movies"}, ""},
		{"-c m", []string{"mine.yaml"}, ""},
		{"tui --snapshot m", []string{"mine.yaml"}, ""},
		{"tui --theme r", []string{"r2d2", "robby", "robocop"}, "mine.yaml"},
		{"tui --s", []string{"--size", "--snapshot"}, ""},
		{"tui ", nil, "mine.yaml"},
		{"migrate m", []string{"mine.yaml"}, ""},
		{"run --only ", []string{"nats", "db", "bot"}, "mine.yaml"},
		{"completion z", []string{"zsh"}, "mine.yaml"},
	} {
		args := strings.Split(tt.words, " ")
		cmd := exec.Command(bash, append([]string{"--norc", "-c", offer, "bash"}, args...)...)
		cmd.Dir, cmd.Env = h.dir, append(h.env(), "PATH="+filepath.Dir(path)+string(os.PathListSeparator)+os.Getenv("PATH"))
		out, err := cmd.CombinedOutput()
		got := strings.Fields(string(out))
		for _, w := range tt.want {
			if !slices.Contains(got, w) {
				t.Errorf("%q: no %s in %q (%v)", tt.words, w, got, err)
			}
		}
		if tt.not != "" && slices.Contains(got, tt.not) {
			t.Errorf("%q: %s in %q", tt.words, tt.not, got)
		}
	}
}

// A Tab behind a command asks the bot who is there.
func TestPeopleComplete(t *testing.T) {
	h, site := newHome(t), newSite(t)
	h.writeConfig(t, site, freeAddress(t))
	site.puppet("bob")
	h.start(t, "run").waitFor("[*] Starting bot...")
	h.waitForPeople(t, "bob")
	waitUntil(t, "bob is offered", func() bool {
		return slices.Contains(strings.Fields(h.run(t, "__complete", "shell", "kick", "b").out), "bob")
	})
}
