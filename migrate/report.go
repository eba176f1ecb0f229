package migrate

import (
	"errors"

	"rosey/config"
)

// ReportVersion is the version that Report.Report carries, and the report of a
// rollback. A field may be added under the same version; one that changes or
// goes raises it. Version 2 has no rollback.closed; its warnings say it in words.
const ReportVersion = 2

// Report is what `rosey migrate --json` prints: the plan and what came of it.
// It holds no secret.
type Report struct {
	Report   int              `json:"report"`
	File     string           `json:"file"`
	Kind     Kind             `json:"kind,omitempty"`    // v1 or v2; empty for what is neither
	Version  string           `json:"version,omitempty"` // as the file says it
	Format   Format           `json:"format,omitempty"`
	Due      bool             `json:"due"` // there is something to do, or was
	Source   string           `json:"source_sha256,omitempty"`
	Result   string           `json:"result_sha256,omitempty"`
	Keys     []Key            `json:"keys"`
	Warnings []config.Problem `json:"warnings"`
	Problems []config.Problem `json:"problems"` // why it is refused
	Diff     string           `json:"diff,omitempty"`
	Done     *Outcome         `json:"done,omitempty"` // what was written; nothing in a dry run
	Error    string           `json:"error,omitempty"`
}

// Report is the plan for programs.
func (p *Plan) Report() Report {
	r := Report{
		Report: ReportVersion, File: p.Path, Kind: p.Kind, Version: p.Version, Format: p.Format,
		Due: p.Due(), Source: p.Hash, Diff: p.Diff(),
		Keys: append([]Key{}, p.Keys...), Warnings: append([]config.Problem{}, p.Warnings...), Problems: []config.Problem{},
	}
	var bad *config.Error
	if errors.As(p.Obstacle, &bad) {
		r.Problems = append(r.Problems, bad.Problems...)
	}
	if p.Due() {
		r.Result = HashOf([]byte(p.After.Reveal()))
	}
	return r
}
