package tui

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// evidence is what is saved of an incident: the lines with what stood around
// them, what the database knows was done, and what was playing. It is plain
// text, masked, and its hash shows whether the lines were changed later.
type evidence struct {
	Room    string         `json:"room"`
	Person  string         `json:"person,omitempty"` // whose line was selected
	Saved   time.Time      `json:"saved"`
	By      string         `json:"by"`
	Media   *evidenceMedia `json:"media,omitempty"`
	Lines   []evidenceLine `json:"lines"`
	Actions []evidenceAct  `json:"actions"`
	Note    string         `json:"note,omitempty"` // why there are no actions
	SHA256  string         `json:"sha256"`         // of the lines as digest writes them
}

type evidenceMedia struct {
	Title    string `json:"title"`
	Position string `json:"position"`
	QueuedBy string `json:"queued_by,omitempty"`
}

type evidenceLine struct {
	Time     string `json:"time"`
	Kind     string `json:"kind"`
	Name     string `json:"name,omitempty"`
	Text     string `json:"text"`
	Selected bool   `json:"selected,omitempty"`
}

type evidenceAct struct {
	Time    string `json:"time"`
	By      string `json:"by"`
	Action  string `json:"action"`
	Target  string `json:"target,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Line    string `json:"line"` // all of it as it was typed
	Outcome string `json:"outcome,omitempty"`
}

// contextLines is how many lines before and after the selected one are saved,
// and how many of the last ones where none is selected.
const contextLines = 15

// collectEvidence makes the evidence of what a chat shows around its selected line.
func collectEvidence(v *channel, by string, now time.Time) *evidence {
	e := &evidence{Room: room.Clean(v.name), Saved: now.UTC(), By: by, Actions: []evidenceAct{}}
	lines, chosen := v.chat.lines, v.chat.selected()
	from, to := max(0, len(lines)-2*contextLines), len(lines)
	if chosen != nil {
		at := v.chat.index(chosen.id)
		from, to = max(0, at-contextLines), min(len(lines), at+contextLines+1)
		e.Person = chosen.name
	}
	for _, l := range lines[from:to] {
		if l.kind == lineLocal {
			continue // the console's own words are nobody's evidence
		}
		e.Lines = append(e.Lines, evidenceLine{
			Time: stampOf(l.at), Kind: kindName(l), Name: l.name, Text: masked(l.text()), Selected: l == chosen,
		})
	}
	if media, at, ok := v.state.NowPlaying(now.UnixMilli()); ok {
		e.Media = &evidenceMedia{Title: masked(media.Media.Title), Position: clockLength(at)}
		if item, ok := playing(v.state); ok {
			e.Media.QueuedBy = item.QueueBy
		}
	}
	return e
}

func stampOf(at int64) string {
	if at == 0 {
		return ""
	}
	return time.UnixMilli(at).UTC().Format("2006-01-02T15:04:05.000Z")
}

func kindName(l *line) string {
	if l.shadow {
		return "shadow-muted"
	}
	return [...]string{"chat", "action", "server", "private", "join", "leave", "moderation", "media", "notice", "console", "day", "gap"}[l.kind]
}

// audit adds what was done to the person, or of late in the room.
func (e *evidence) audit(reply bus.ActionsReply, err error) {
	if err == nil && reply.Error != "" {
		err = fmt.Errorf("%s", reply.Error)
	}
	if err != nil {
		e.Note = "the database did not say what was done: " + masked(askError(err))
		return
	}
	for _, r := range reply.Rows {
		e.Actions = append(e.Actions, evidenceAct{
			Time: stampOf(r.Timestamp * 1000), By: room.Clean(r.Username), Action: room.Clean(r.Action),
			Target: room.Clean(r.Target), Reason: masked(room.Clean(r.Reason)),
			Line: masked(room.Clean(r.Deed())), Outcome: string(r.Outcome),
		})
	}
}

// digest is the lines as they are hashed: time, kind, name and text with a tab
// between, each line on one of its own. The Markdown has them just so, and
// `sha256sum` of that block gives the hash.
func (e *evidence) digest() string {
	var b strings.Builder
	for _, l := range e.Lines {
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\n", l.Time, l.Kind, l.Name, strings.ReplaceAll(l.Text, "\n", " "))
	}
	return b.String()
}

func (e *evidence) seal() { e.SHA256 = fmt.Sprintf("%x", sha256.Sum256([]byte(e.digest()))) }

func (e *evidence) json() ([]byte, error) {
	out, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write evidence: %w", err)
	}
	return append(out, '\n'), nil
}

// markdown is the evidence for people. What others wrote stands in a code
// block that its own text cannot end.
func (e *evidence) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Evidence from %s\n\nSaved %s by %s.\n", mdText(e.Room), e.Saved.Format("2006-01-02 15:04:05 MST"), mdText(e.By))
	if e.Person != "" {
		fmt.Fprintf(&b, "About **%s**.\n", mdText(e.Person))
	}
	if e.Media != nil {
		fmt.Fprintf(&b, "Playing: %s, at %s%s.\n", mdText(e.Media.Title), e.Media.Position, mdText(orEmpty(", queued by ", e.Media.QueuedBy)))
	}
	fence := "```"
	for strings.Contains(e.digest(), fence) {
		fence += "`"
	}
	fmt.Fprintf(&b, "\n## Lines\n\n%s\n%s%s\n\nSHA-256 of the block above, each line with its end: `%s`\n", fence, e.digest(), fence, e.SHA256)
	for i, l := range e.Lines {
		if l.Selected {
			fmt.Fprintf(&b, "Selected: line %d, %s by %s.\n", i+1, l.Time, mdText(l.Name))
		}
	}
	b.WriteString("\n## What was done\n\n")
	for _, a := range e.Actions {
		fmt.Fprintf(&b, "- %s %s: %s%s\n", a.Time, mdText(a.By), mdText(a.Line), mdText(orEmpty(", ", a.Outcome)))
	}
	switch {
	case e.Note != "":
		b.WriteString(mdText(e.Note) + "\n")
	case len(e.Actions) == 0:
		b.WriteString("Nothing that the database knows of.\n")
	}
	return b.String()
}

func orEmpty(lead, text string) string {
	if text == "" {
		return ""
	}
	return lead + text
}
