package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"rosey/bus/room"
	"rosey/config"
	"rosey/migrate"
)

// What a person is shown of a migration. The file's own texts are somebody's
// and pass room.Clean on their way here.

// valueWidth is how much of a value the plan shows; the JSON report has it all.
const valueWidth = 44

func printPlan(w io.Writer, p *migrate.Plan) {
	fmt.Fprintf(w, "\n%s is version 1, %s, with %d keys. What becomes of them:\n\n", p.Path, strings.ToUpper(string(p.Format)), p.OldKeys())
	from, to := 0, 0
	for _, k := range p.Keys {
		from, to = max(from, len(room.Clean(k.From))), max(to, len(room.Clean(k.To)))
	}
	for _, k := range p.Keys {
		if k.Action == migrate.Defaulted {
			continue
		}
		target := room.Clean(k.To)
		if target == "" {
			target = "-"
		}
		fmt.Fprintf(w, "  %-8s %-*s → %-*s  %s\n", k.Action, from, room.Clean(k.From), to, target, value(k))
		if k.Notable() {
			fmt.Fprintf(w, "           %s\n", k.Why)
		}
	}
	fmt.Fprintln(w, "\nNew, because version 2 has them:")
	for _, k := range p.Keys {
		if k.Action == migrate.Defaulted {
			fmt.Fprintf(w, "  %-*s  %-*s  %s\n", to, k.To, 24, cut(string(k.New), 24), k.Why)
		}
	}
	if len(p.Warnings) > 0 {
		fmt.Fprintln(w)
	}
	printWarnings(w, p.Warnings)
}

// value is what the plan shows of the key's value.
func value(k migrate.Key) string {
	return k.Value(func(text string) string { return cut(text, valueWidth) })
}

func cut(text string, width int) string { return ansi.Truncate(room.Clean(text), width, "…") }

func printWarnings(w io.Writer, warnings config.Warnings) {
	for _, warning := range warnings {
		fmt.Fprintln(w, "[!]", warning)
	}
}

// printDatabaseNow tells what there is before anything is done.
func printDatabaseNow(ctx context.Context, w io.Writer, p *migrate.Plan, still bool) {
	path, found := p.FindDatabase()
	if err := p.CheckDatabase(); err != nil {
		fmt.Fprintf(w, "\nDatabase: %v\n", err)
		return
	}
	if !found {
		fmt.Fprintf(w, "\nDatabase: %s.\n", p.NoDatabase())
		return
	}
	c, err := databases().Inspect(ctx, path, still)
	if err != nil {
		fmt.Fprintf(w, "\nDatabase: %v\n", err)
		return
	}
	fmt.Fprintf(w, "\nDatabase: %s is sound (%s, %d rows in %d tables). The migration copies it, and never alters it.\n", path, c.Schema, c.Rows(), len(c.Tables))
}

// printDone prints the lines that the guide promises, and then ours.
func printDone(w io.Writer, p *migrate.Plan, out *migrate.Outcome) {
	if out.Backup != "" {
		fmt.Fprintf(w, "[*] Creating backup: %s\n[+] Backup created successfully\n", out.Backup)
	}
	fmt.Fprintf(w, "[*] Migrating to v2 format...\n[+] Migration successful!\n[*] Writing new config: %s\n\n✅ Migration complete!\n", out.File)
	printDatabaseDone(w, p, out.Database)
	for _, warning := range out.Warnings {
		fmt.Fprintln(w, "\n[!]", room.Clean(warning))
	}
	said := false
	for _, k := range p.Keys {
		if !k.Notable() {
			continue
		}
		if !said {
			fmt.Fprintln(w, "\nWorth knowing:")
			said = true
		}
		fmt.Fprintf(w, "  %s: %s\n", room.Clean(cmp.Or(k.From, k.To)), k.Why)
	}
	if len(p.Warnings) > 0 {
		fmt.Fprintln(w)
	}
	printWarnings(w, p.Warnings)
	file := config.ShellQuote(out.File)
	fmt.Fprintf(w, `
Next steps:
1. Stop the old bot. NATS and the database service need no installing: they are in rosey.
2. Start: rosey run -c %[1]s       (or, with a screen: rosey tui -c %[1]s)
3. See that everything works: rosey check -c %[1]s --watch
`, file)
	if p.Database != "" && !filepath.IsAbs(p.Database) {
		fmt.Fprintf(w, "Start it in this folder, always: the database's path %s counts from where rosey is started.\n", p.Database)
	}
	if out.Backup != "" && out.File == p.Path {
		fmt.Fprintf(w, "To take it back: rosey migrate rollback %s\n", file)
	}
}

func printDatabaseDone(w io.Writer, p *migrate.Plan, d *migrate.Database) {
	if d == nil {
		return
	}
	if !d.Found {
		fmt.Fprintf(w, "\nDatabase: %s.\n", p.NoDatabase())
		return
	}
	fmt.Fprintf(w, "\nDatabase: %s is sound (%s).", d.Path, d.Before.Schema)
	if d.Backup != "" {
		fmt.Fprintf(w, " Copied to %s.", d.Backup)
	}
	fmt.Fprintf(w, "\n  %-20s %10s %10s\n", "rows of", "before", "after")
	after := map[string]int64{}
	for _, t := range d.After.Tables {
		after[t.Table] = t.Rows
	}
	for _, t := range d.Before.Tables {
		fmt.Fprintf(w, "  %-20s %10d %10d\n", room.Clean(t.Table), t.Rows, after[t.Table])
	}
	switch {
	case d.Trouble != "":
		fmt.Fprintf(w, "[!] It could not be counted again: %s\n", d.Trouble)
	case !d.Same():
		fmt.Fprintln(w, "[!] The rows changed meanwhile: the old bot is still running and writes on. Stop it before you start rosey.")
	}
}
