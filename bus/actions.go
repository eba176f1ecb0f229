package bus

import "strings"

// Deed is an action without what came of it: the command as it was typed, or of
// what was seen in the room whom it was done to and why. Details end with the
// outcome, for those who read v0.5.0's table.
func (a ActionRow) Deed() string {
	what := a.Details
	if a.Outcome != "" {
		what = strings.TrimSuffix(what, "("+string(a.Outcome)+")")
	}
	if what = strings.TrimSpace(what); what == "" && a.Target != "" {
		what = a.Target
		if a.Reason != "" {
			what += ": " + a.Reason
		}
	}
	if !strings.HasPrefix(what+" ", a.Action+" ") {
		what = a.Action + " " + what
	}
	return strings.TrimSpace(what)
}
