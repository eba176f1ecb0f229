package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"rosey/bus"
)

// TestCommandsFromAPipeAreWrittenDown is the way of a command from `rosey
// shell` through bot, room and database to `rosey actions`.
func TestCommandsFromAPipeAreWrittenDown(t *testing.T) {
	h, site := newHome(t), newSite(t)
	h.writeConfig(t, site, freeAddress(t))
	p := h.start(t, "run")
	p.waitFor("[*] Starting bot...")
	site.waitForBot()
	bob := site.puppet("Bob")
	if err := bob.Err(); err != nil {
		t.Fatal(err)
	}
	h.waitForPeople(t, "Bob")

	cmd := h.command(t, "shell", "--json", "--operator", "Night Shift")
	cmd.Stdin = strings.NewReader("mute bob\nusers\nsay he said \"hi\"\nunmute bob\nmute nobody_here\n")
	out, _ := cmd.Output()
	if code := cmd.ProcessState.ExitCode(); code != exitRefused {
		t.Errorf("exit %d", code)
	}
	var got []string
	for line := range strings.Lines(string(out)) {
		var o outcome
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		got = append(got, o.Line+" "+string(o.Status))
	}
	want := []string{"mute bob done", "users done", `say he said "hi" done`, "unmute bob done", "mute nobody_here refused"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q\n%s", got, want, out)
	}
	if n := site.said(`he said \"hi\"`); n != 1 {
		t.Errorf("the line was said %d times", n)
	}

	var rows []bus.ActionRow
	read := func(args ...string) int {
		rows = nil
		r := h.run(t, append([]string{"actions", "--json"}, args...)...)
		for line := range strings.Lines(r.out) {
			var a bus.ActionRow
			if err := json.Unmarshal([]byte(line), &a); err != nil {
				t.Fatalf("%v: %s", err, r.out)
			}
			rows = append(rows, a)
		}
		return len(rows)
	}
	waitUntil(t, "the actions in the database", func() bool { return read("--by", "night shift") >= 4 && read("--user", "BOB") == 2 })
	if a := rows[1]; a.Username != "Night Shift" || a.Action != "mute" || a.Target != "Bob" || a.Outcome != bus.StatusDone || a.Source != "shell" || a.Room != "primary" {
		t.Errorf("the mute: %+v", a)
	}
	if r := h.run(t, "actions", "--user", "bob"); strings.Count(r.out, "\n") != 2 || !strings.Contains(r.out, " primary Night Shift unmute bob (done)\n") {
		t.Errorf("as lines:\n%s%s", r.out, r.err)
	}
	if read("--since", "2100-01-01") != 0 || read("--since", "1h", "--room", "primary", "-n", "1") != 1 {
		t.Errorf("filtered: %+v", rows)
	}
}

func TestAuditLine(t *testing.T) {
	for want, a := range map[string]bus.ActionRow{
		"primary carol ban bob 1m caps (done)": {Action: "ban", Details: "ban bob 1m caps (done)", Target: "Bob", Reason: "caps", Outcome: bus.StatusDone},
		"primary carol rank carol 2 (refused) - CyTube says: no": {Action: "rank", Details: "rank carol 2 (refused)", Target: "carol",
			Outcome: bus.StatusRefused, Text: "CyTube says: no"},
		"primary carol kick Bob (done)":                  {Action: "kick", Target: "Bob", Outcome: bus.StatusDone}, // a whisper's has no line
		"primary carol kick Bob (no_effect) - it was so": {Action: "kick", Target: "Bob", Outcome: bus.StatusNoEffect, Text: "it was so"},
		"primary carol clear (done)":                     {Action: "clear", Details: "clear (done)", Outcome: bus.StatusDone},
	} {
		a.Room, a.Username = "primary", "carol"
		if got := auditLine(a); !strings.HasSuffix(got, " "+want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
