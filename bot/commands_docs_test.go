package bot

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/commands.md anew")

// TestCommandsDoc keeps docs/commands.md in step with the tree; -update writes
// it.
func TestCommandsDoc(t *testing.T) {
	path := filepath.Join("..", "docs", "commands.md")
	want := commandsDoc()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is behind the code; go test ./bot -run CommandsDoc -update writes it anew", path)
	}
}

const commandsHead = `# Commands

One set of commands serves three faces: private messages to the bot in the
CyTube room, ` + "`rosey shell`" + `, and the console. Over NATS each is a request on
` + "`rosey.cmd.<room>.<command>`" + `; ` + "`rosey.room.<room>.commands`" + ` answers with this list.

By private message the bot answers only people of rank 2 and above who are in
the user list, and lets nobody do what they could not do themselves. Names are
taken in any case. A duration is written 90s, 10m, 2h, 3d or 1w, or as a sum
such as 1h30m.

Every command is followed to its outcome: done, refused (in CyTube's own words
where it gives some), or no effect when nothing came of it in time. Commands
marked *destructive* take something from somebody: the console, and the shell
on a terminal, ask before they do them. Commands marked *bulk* first show what they would touch and then act on exactly that:
by private message with ` + "`confirm`" + ` and the word that was shown.

In the console's input line ` + "`/clear`" + ` empties one's own screen alone; the command
` + "`clear`" + ` of this list is ` + "`/clearall`" + ` there.

This file is written from the code: ` + "`go test ./bot -run CommandsDoc -update`" + `.
`

func commandsDoc() string {
	var b strings.Builder
	b.WriteString(commandsHead)
	for _, g := range groups {
		fmt.Fprintf(&b, "\n## %s\n\n| command | what it does | needs | |\n|---|---|---|---|\n", g)
		for _, c := range tree() {
			if c.Group == g {
				writeCommand(&b, c)
			}
		}
	}
	return b.String()
}

func writeCommand(b *strings.Builder, c *command) {
	needs := ""
	switch {
	case c.Needs != "":
		needs = "`" + c.Needs + "`"
	case c.Rank > 0:
		needs = fmt.Sprintf("rank %.0f", c.Rank)
	}
	var more []string
	if len(c.Aliases) > 0 {
		more = append(more, "also `"+strings.Join(c.Aliases, "`, `")+"`")
	}
	if c.Destructive {
		more = append(more, "*destructive*")
	}
	if c.Bulk {
		more = append(more, "*bulk*")
	}
	if c.Inverse != "" {
		more = append(more, "taken back by `"+c.Inverse+"`")
	}
	fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", strings.ReplaceAll(c.Usage, "|", `\|`), c.Help, needs, strings.Join(more, "; "))
}

// Every name stands for one command, and every inverse is one.
func TestTreeIsSound(t *testing.T) {
	seen := map[string]string{}
	for _, c := range tree() {
		for _, name := range append([]string{c.Name}, c.Aliases...) {
			if other, taken := seen[name]; taken {
				t.Errorf("%s stands for %s and %s", name, other, c.Name)
			}
			seen[name] = c.Name
		}
		if c.Inverse != "" && findCommand(c.Inverse) == nil {
			t.Errorf("the inverse of %s is no command: %s", c.Name, c.Inverse)
		}
		if !strings.HasSuffix(c.Help, ".") || c.plan == nil || c.Group == "" {
			t.Errorf("%s is not complete", c.Name)
		}
		for i, a := range c.Args {
			if a.Rest && i != len(c.Args)-1 {
				t.Errorf("%s: nothing can come behind %s", c.Name, a.Name)
			}
		}
	}
}

func TestTheDocumentMarksWhatHarms(t *testing.T) {
	for line := range strings.SplitSeq(commandsDoc(), "\n") {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "| `"), " ")
		c := findCommand(strings.Trim(name, "`"))
		if c == nil || !strings.HasPrefix(line, "| `") {
			continue
		}
		if strings.Contains(line, "*destructive*") != c.Destructive {
			t.Errorf("destructive is %v: %s", c.Destructive, line)
		}
	}
}
