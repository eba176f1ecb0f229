package tui

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rosey/bus"
	"rosey/bus/room"
)

func TestEvidenceOfTheSelectedLine(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	m.opts.DataDir = filepath.Join(t.TempDir(), "rosey")
	for i := range 40 {
		m.Update(updates("movienight", event(message("21:04", "bob", fmt.Sprintf("line %d", i)))))
	}
	m.Update(updates("movienight", event(message("21:04", "spammer", "```\n# my ip is 203.0.113.77, password: hunter2"))))
	m.room().local(m.now, "the console's own word")
	for i := range 40 {
		m.Update(updates("movienight", event(message("21:04", "bob", fmt.Sprintf("after %d", i)))))
	}
	press(t, m, "esc")
	m.room().chat.selectMove(-1, func(l *line) bool { return l.name == "spammer" })
	var asked bus.ActionsQuery
	m.deps.ask = func(subject string, req, reply any) error {
		if subject != bus.SubjectActions {
			return errors.New("asked for " + subject)
		}
		asked = req.(bus.ActionsQuery)
		reply.(*bus.ActionsReply).Rows = []bus.ActionRow{
			{Timestamp: 1763672500, Username: "mod2", Action: "mute", Target: "spammer", Details: "mute spammer 20s (done)", Outcome: bus.StatusDone},
			{Timestamp: 1763672600, Username: "mod2", Action: "kick", Target: "spammer", Reason: "caps", Outcome: bus.StatusDone},
		}
		return nil
	}
	m.Update(m.saveEvidence()())
	if asked.Target != "spammer" || asked.Room != "movienight" {
		t.Errorf("asked for %+v", asked)
	}
	var e evidence
	md, raw := readSaved(t, m.opts.DataDir, ".md"), readSaved(t, m.opts.DataDir, ".json")
	if err := json.Unmarshal([]byte(raw), &e); err != nil {
		t.Fatal(err)
	}
	if n := len(e.Lines); n != 2*contextLines {
		t.Errorf("%d lines", n)
	}
	if e.Person != "spammer" || e.By != "tester" || e.Media.Title != "Plan 9 from Outer Space" || e.Media.Position != "12:41" || e.Media.QueuedBy != "Alice" {
		t.Errorf("%+v, media %+v", e, e.Media)
	}
	if len(e.Actions) != 2 || e.Actions[0].By != "mod2" || e.Actions[0].Reason != "" || e.Actions[1].Reason != "caps" {
		t.Errorf("actions %+v", e.Actions)
	}
	for _, secret := range []string{"hunter2", "113.77", "console's own"} {
		if strings.Contains(md+raw, secret) {
			t.Errorf("%q is in it", secret)
		}
	}
	for _, want := range []string{"About **spammer**", "Playing: Plan 9 from Outer Space, at 12:41, queued by Alice", "line 25", "after 13", "mod2: kick spammer: caps, done", "mod2: mute spammer 20s, done"} {
		if !strings.Contains(md, want) {
			t.Errorf("no %q in\n%s", want, md)
		}
	}
	// Whoever has the Markdown can check the hash: the block is what was hashed.
	_, block, _ := strings.Cut(md, "\n````\n")
	block, _, ok := strings.Cut(block, "````\n")
	if sum := fmt.Sprintf("%x", sha256.Sum256([]byte(block))); !ok || sum != e.SHA256 || !strings.Contains(md, sum) {
		t.Errorf("the block's hash is %s, said is %s", sum, e.SHA256)
	}
	shows(t, m, "evidence saved: ")
}

// readSaved is the one file of that ending, which only its owner can read.
func readSaved(t *testing.T, dir, end string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*", "*"+end))
	if err != nil || len(paths) != 1 {
		t.Fatalf("%s: %q, %v", end, paths, err)
	}
	info, err := os.Stat(paths[0])
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s: mode %v, %v", paths[0], info.Mode(), err)
	}
	text, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEvidenceWithoutTheDatabaseSaysSo(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	m.opts.DataDir = t.TempDir()
	m.deps.ask = func(string, any, any) error { return bus.ErrNobody }
	m.Update(m.saveEvidence()())
	if md := readSaved(t, m.opts.DataDir, ".md"); !strings.Contains(md, "the database did not say what was done: nobody answers") {
		t.Error(md)
	}
	m.opts.DataDir = ""
	m.Update(m.saveEvidence()())
	shows(t, m, "evidence not saved: ")
}

func TestEvidenceMarkdownCannotBeBrokenOutOf(t *testing.T) {
	e := &evidence{Room: "r", By: "x", Person: "**bold** <script>", Lines: []evidenceLine{{Text: room.Clean("````` five")}}}
	e.seal()
	md := e.markdown()
	if !strings.Contains(md, "\n``````\n") || strings.Contains(md, "<script>") {
		t.Error(md)
	}
}

func TestPictureOfTheScreenIsSaved(t *testing.T) {
	m, _ := sceneModel(t, 100, 30)
	m.opts.DataDir = t.TempDir()
	for range 2 { // the second must not overwrite the first
		m.Update(m.savePicture()())
	}
	for _, end := range []string{".txt", ".ansi", ".svg"} {
		paths, err := filepath.Glob(filepath.Join(m.opts.DataDir, "pictures", "*"+end))
		if err != nil || len(paths) != 2 {
			t.Errorf("%s: %q, %v", end, paths, err)
			continue
		}
		text, err := os.ReadFile(paths[0])
		if err != nil || !strings.Contains(string(text), "good evening") {
			t.Errorf("%s: no chat in it, %v", end, err)
		}
	}
}
