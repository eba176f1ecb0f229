package migrate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"rosey/config"
)

// Step is one thing that Apply or Rollback does.
type Step string

const (
	StepLock         Step = "lock the file against a second migration"
	StepLook         Step = "look whether the file is still the one planned for"
	StepDatabase     Step = "check the database"
	StepDatabaseCopy Step = "copy the database"
	StepBackup       Step = "back up the configuration"
	StepRecord       Step = "write down what is done"
	StepResult       Step = "write the new configuration"
	StepCount        Step = "count the database's rows again"

	// What each written file takes.
	StepCreate  Step = "make a temporary file"
	StepWrite   Step = "fill it"
	StepSync    Step = "sync it to disk"
	StepName    Step = "give it its name"
	StepReplace Step = "put it in its place"
)

// backupSuffix makes the backup's name from the file's, as the guide has it.
const backupSuffix = ".bak"

// Options says how to apply a plan.
type Options struct {
	Output    string     // write there and leave the source alone; empty: in its place
	NoBackup  bool       //
	Databases *Databases // nil leaves the database out
	StateDir  string     // where the record goes; empty: rosey's XDG state folder

	// Step is told of each step before it is done, and stops everything there
	// with an error. It may be nil.
	Step func(Step) error
	// Now is the clock of time stamps; nil is the system's.
	Now func() time.Time
}

// Outcome is what was done.
type Outcome struct {
	File     string    `json:"file"` // the configuration that was written
	Backup   string    `json:"backup,omitempty"`
	SHA256   string    `json:"backup_sha256,omitempty"`
	Database *Database `json:"database,omitempty"`
	Warnings []string  `json:"warnings,omitempty"` // what a person should see to
}

// application is one run of Apply.
type application struct {
	writer
	plan   *Plan
	opts   Options
	like   fs.FileInfo // the source, whose mode and owner are kept
	places Places
}

// Apply carries out a plan. The backup and the database's copy come first; the
// configuration is replaced at the very end, in one piece. An error leaves the
// source as it was, byte for byte, and no copies; so does a crash before that
// piece, but for the copies. For errors.Is: ErrChanged, ErrBusy, ErrExists.
func (p *Plan) Apply(ctx context.Context, opts Options) (*Outcome, error) {
	if !p.Due() {
		return &Outcome{File: p.Path}, nil
	}
	a := &application{writer: newWriter(opts.Step, opts.Now), plan: p, opts: opts}
	a.inPlace = opts.Output == ""
	if err := a.step(StepLock); err != nil {
		return nil, err
	}
	unlock, err := lockSource(p.Path)
	if errors.Is(err, ErrBusy) {
		return nil, fmt.Errorf("migrate %s: %w", p.Path, err)
	} else if err != nil {
		return nil, fileProblem(p.Path, err)
	}
	defer unlock()
	out, err := a.run(ctx)
	if err != nil {
		a.takeBack()
		return nil, err
	}
	return out, nil
}

func newWriter(step func(Step) error, now func() time.Time) writer {
	if step == nil {
		step = func(Step) error { return nil }
	}
	if now == nil {
		now = time.Now
	}
	return writer{step: step, now: now}
}

func (a *application) run(ctx context.Context) (*Outcome, error) {
	target, err := a.target()
	if err != nil {
		return nil, err
	}
	if err := a.step(StepLook); err != nil {
		return nil, err
	}
	if err := a.unchanged(); err != nil {
		return nil, err
	}
	if err := a.allowed(); err != nil {
		return nil, err
	}
	a.places = a.plan.Places(a.opts.Output)
	sweep(target)
	sweep(a.places.Backup)
	out := &Outcome{File: a.plan.Path}
	if a.opts.Output != "" {
		out.File = a.opts.Output
	}
	if out.Database, err = a.checkDatabase(ctx); err != nil {
		return nil, err
	}
	if err := a.backUp(out); err != nil {
		return nil, err
	}
	if err := a.record(out, target); err != nil {
		return nil, err
	}
	if err := a.step(StepResult); err != nil {
		return nil, err
	}
	if err := a.write(target); err != nil {
		return nil, err
	}
	out.Warnings = a.lost.warnings(a.plan.Path, out.File)
	if d := out.Database; d != nil && d.Backup != "" {
		out.Warnings = append(out.Warnings, a.lostDatabase.warnings(d.Path, d.Backup)...)
	}
	_ = RemoveDraft(a.opts.StateDir, a.plan.Path) // one that stays is of another file by its hash
	a.count(ctx, out.Database)
	return out, nil
}

// target is the file itself that will be written.
func (a *application) target() (string, error) {
	if a.opts.Output == "" {
		return absolute(a.plan.Path)
	}
	if _, err := os.Lstat(a.opts.Output); err == nil {
		return "", fmt.Errorf("write %s: %w: move it away, or name another (nothing was changed)", a.opts.Output, ErrExists)
	}
	return absolute(a.opts.Output)
}

// unchanged says that the source is still what the plan was made from.
func (a *application) unchanged() error {
	data, info, err := readFile(a.plan.Path)
	if err != nil {
		return err
	}
	if HashOf(data) != a.plan.Hash {
		return fmt.Errorf("migrate %s: %w", a.plan.Path, ErrChanged)
	}
	a.like = info
	return nil
}

// allowed says, before anything is written, that nothing of it would be refused
// at the end.
func (a *application) allowed() error {
	if a.inPlace {
		if err := notOurs(a.plan.Path, a.like); err != nil {
			return err
		}
	}
	return checkState(a.opts.StateDir)
}

func (a *application) backUp(out *Outcome) error {
	if a.opts.NoBackup {
		return nil
	}
	if err := a.step(StepBackup); err != nil {
		return err
	}
	var err error
	out.Backup, err = a.keep(a.places.Backup, []byte(a.plan.Before.Reveal()), a.like, a.plan.HoldsSecret)
	out.SHA256 = a.plan.Hash
	return err
}

// record comes before the file is replaced: a crash in between leaves a record
// of something that did not happen, which the hashes show, and not something
// that happened without one.
func (a *application) record(out *Outcome, target string) error {
	if err := a.step(StepRecord); err != nil {
		return err
	}
	source, err := absolute(a.plan.Path)
	if err != nil {
		return err
	}
	r := Record{
		At: a.now(), File: target, Source: source, Mode: a.like.Mode().Perm(),
		SourceHash: a.plan.Hash, ResultHash: HashOf([]byte(a.plan.After.Reveal())),
	}
	if out.Backup != "" {
		if r.Backup, err = filepath.Abs(out.Backup); err != nil {
			return fmt.Errorf("find %s: %w", out.Backup, err)
		}
	}
	if d := out.Database; d != nil && d.Found {
		r.Database, r.Copy, r.CopyHash, r.Rows = d.Path, d.Backup, d.SHA256, d.Before.Tables
		for _, path := range []*string{&r.Database, &r.Copy} {
			if *path == "" {
				continue
			}
			if *path, err = filepath.Abs(*path); err != nil {
				return fmt.Errorf("find %s: %w", *path, err)
			}
		}
	}
	back, err := r.saveOver(a.opts.StateDir)
	if err == nil {
		a.undo = append(a.undo, back)
	}
	return err
}

// write puts the result in place, if the source is still the same and the
// result is one that the bot's loader takes.
func (a *application) write(target string) error {
	result := []byte(a.plan.After.Reveal())
	if _, _, err := config.Parse(a.plan.loadName(), result); err != nil {
		return fmt.Errorf("read the result before it is written: %w", err)
	}
	if a.opts.Output == "" {
		return a.replace(target, result, a.like, modeFor(a.like, a.plan.HoldsSecret), a.unchanged)
	}
	name, err := a.beside(target, result, a.like, modeFor(a.like, a.plan.HoldsSecret))
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(name) }() // linked by then, or not wanted
	if err := a.step(StepReplace); err != nil {
		return err
	}
	if err := os.Link(name, target); err != nil {
		if err = renameToNew(name, target); err != nil {
			return cannotWrite(a.opts.Output, int64(len(result)), err)
		}
	}
	syncFolder(target)
	return nil
}

// count proves that the database is as it was. The migration is done by then,
// so what goes wrong here is told and stops nothing.
func (a *application) count(ctx context.Context, d *Database) {
	if d == nil || !d.Found {
		return
	}
	err := a.step(StepCount)
	if err == nil {
		d.After, err = a.opts.Databases.Inspect(ctx, d.Path, false)
	}
	if err != nil {
		d.Trouble = err.Error()
	}
}
