package migrate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"rosey/config"
)

// Kind is what a file turned out to be.
type Kind string

const (
	V1 Kind = "v1" // flat; a migration is due
	V2 Kind = "v2" // in any of its spellings; there is nothing to do
)

// Action is what becomes of one key.
type Action string

const (
	Carried   Action = "carried"   // its name and value stay, its section may be new
	Renamed   Action = "renamed"   // the value stays under another name
	Changed   Action = "changed"   // the value is written differently, or means less than it did
	Defaulted Action = "defaulted" // it was not there; v2 has it
	Kept      Action = "kept"      // nobody knows the key; it stays all the same
	Dropped   Action = "dropped"   // it is not carried; Why says the reason
)

// Key is what becomes of one key: where it was, where it goes, and why.
type Key struct {
	From   string          `json:"from,omitempty"` // path in the source; empty for what it did not have
	To     string          `json:"to,omitempty"`   // path in the result; empty for what is not carried
	Old    json.RawMessage `json:"old,omitempty"`  // secrets masked
	New    json.RawMessage `json:"new,omitempty"`  // secrets masked
	Action Action          `json:"action"`
	Why    string          `json:"why"`
	Line   int             `json:"line,omitempty"` // in the source
	Column int             `json:"column,omitempty"`

	node    *yaml.Node // the value in the source
	notable bool       // Why is more than where it goes, though it stays what it is
}

// Notable says that a person should read Why: it tells more than where a key
// goes that stays what it is.
func (k Key) Notable() bool {
	switch k.Action {
	case Changed, Dropped, Kept:
		return true
	}
	return k.notable
}

// Value is what the key holds, and what it becomes when that is another, each
// as show has it.
func (k Key) Value(show func(string) string) string {
	before, after := show(string(k.Old)), show(string(k.New))
	if k.Action == Changed && before != after {
		return before + " → " + after
	}
	return before
}

// Plan is what a migration would do. Nothing in it shows a secret, however it
// is printed.
type Plan struct {
	Path     string          // the file, as it was named
	Kind     Kind            //
	Version  string          // as the file says it; "1.0" when a v1 file does not
	Format   Format          // of the source
	To       Format          // of the result
	Hash     string          // SHA-256 of the source, in hex
	Keys     []Key           // in the source's order, then what is new
	Warnings config.Warnings // worth a person's thought; in the source's terms

	// Obstacle is why Apply would refuse the file, as far as reading it showed;
	// nil when nothing is known to.
	Obstacle error

	HoldsSecret bool   // the file holds a password or a token
	Database    string // database.path of the result

	// Before and After are the whole files, typed so that they never print.
	// After is empty when nothing is due.
	Before, After config.Secret

	oldMasked, newMasked string
	output               string
}

// Due says whether there is anything to do.
func (p *Plan) Due() bool { return p.Kind == V1 }

// OldKeys is how many keys the source has.
func (p *Plan) OldKeys() (n int) {
	for _, k := range p.Keys {
		if k.From != "" {
			n++
		}
	}
	return n
}

// HashOf is the SHA-256 of data in hex, as Plan.Hash has it.
func HashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// NewPlan plans the migration of a file's bytes. The name tells JSON from YAML
// and stands in the messages; output does the same for the result, and is
// empty where that takes the source's place. The error is a *config.Error with
// everything that keeps the file from being migrated: it is no configuration,
// it is newer than this program, or the result would not load.
func NewPlan(name, output string, data []byte) (*Plan, error) {
	return newPlan(name, output, data, Decisions{}, "")
}

// newPlan is NewPlan with a person's decisions. found is the database's whole
// path, where the result must name that; see Plan.placed.
func newPlan(name, output string, data []byte, decisions Decisions, found string) (*Plan, error) {
	if len(data) > config.MaxSize {
		return nil, refuse(name, 0, 0, "", fmt.Sprintf("the file is larger than %d bytes, and no configuration", config.MaxSize), "name the bot's config.json")
	}
	p := &Plan{Path: name, Kind: V1, Version: "1.0", Hash: HashOf(data), Before: config.Secret(data), output: output}
	cfg, warnings, err := config.Parse(name, data)
	var bad *config.Error
	switch {
	case err == nil:
		p.Kind, p.Version, p.Warnings = V2, cfg.Version, warnings
		p.Format, p.To = formatOf(name, data), formatOf(name, data)
		p.Database = cfg.Database.Path
		return p, nil
	case !errors.Is(err, config.ErrV1):
		return nil, err
	case errors.As(err, &bad):
		// What the loader says of a v1 file is that it is one, and what is
		// wrong with its writing.
		if faults := withoutVersion(bad.Problems); len(faults) > 0 {
			return nil, &config.Error{Problems: faults}
		}
	}
	if output == "" {
		output = name
	}
	p.Format = formatOf(name, data)
	p.To = formatOf(output, data)
	if err := p.fromV1(data, decisions, found); err != nil {
		return nil, err
	}
	return p, nil
}

func withoutVersion(problems []config.Problem) []config.Problem {
	var faults []config.Problem
	for _, p := range problems {
		if p.Code != config.CodeV1 {
			faults = append(faults, p)
		}
	}
	return faults
}

// fromV1 fills the plan for a v1 file that reads well.
func (p *Plan) fromV1(data []byte, decisions Decisions, found string) error {
	doc, err := parseDocument(p.Format, data)
	if err != nil {
		return refuse(p.Path, 1, 1, "", "the file cannot be read a second time: "+err.Error(), "write it in plainer JSON or YAML")
	}
	hidden := findSecrets(doc.root)
	m := &mapping{plan: p, doc: doc, secrets: hidden, decided: decisions, found: found}
	root := m.v2()
	p.HoldsSecret = hidden.held
	if len(m.problems) > 0 {
		return &config.Error{Problems: m.problems}
	}
	text, err := emit(root, doc, p.To)
	if err != nil {
		return refuse(p.Path, 1, 1, "", err.Error(), "migrate it by hand")
	}
	p.After = config.Secret(text)
	if err := m.judge(text); err != nil {
		return err
	}
	after, err := parseDocument(p.To, []byte(text))
	if err != nil {
		return refuse(p.Path, 1, 1, "", "the result cannot be read: "+err.Error(), "migrate it by hand")
	}
	p.oldMasked = hidden.document(doc, doc.root)
	p.newMasked = hidden.document(after, root)
	return nil
}

// judge reads the result with the loader that the bot uses. What it finds is
// told in terms of the source, where the person must mend it.
func (m *mapping) judge(text string) error {
	cfg, warnings, err := config.Parse(m.plan.loadName(), []byte(text))
	for _, w := range warnings {
		if m.worthSaying(w) {
			m.plan.Warnings = append(m.plan.Warnings, m.inSource(w))
		}
	}
	var bad *config.Error
	if errors.As(err, &bad) {
		for i := range bad.Problems {
			bad.Problems[i] = m.inSource(bad.Problems[i])
		}
		return &config.Error{Problems: bad.Problems}
	}
	if err != nil {
		return err
	}
	m.plan.Database = cfg.Database.Path
	return nil
}

// loadName is the name under which the loader reads the result as what it is:
// it goes by the extension.
func (p *Plan) loadName() string {
	if p.To != p.Format {
		return "result." + string(p.To)
	}
	return p.Path
}

// worthSaying leaves out what the keys of the plan say already.
func (m *mapping) worthSaying(w config.Problem) bool {
	return w.Code != config.CodeUnknownKey || strings.Contains(w.Key, ".")
}

// refuse is an error with one problem.
func refuse(file string, line, column int, key, what, do string) *config.Error {
	return &config.Error{Problems: []config.Problem{{File: file, Line: line, Column: column, Key: key, What: what, Do: do}}}
}
