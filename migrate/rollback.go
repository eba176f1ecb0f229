package migrate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/aymanbagabas/go-udiff"

	"rosey/config"
)

// ErrNothing: there is nothing to take back.
var ErrNothing = errors.New("there is nothing to take back")

// keptSuffix makes the name under which a rollback keeps what it replaces.
const keptSuffix = ".v2" + backupSuffix

// Rollback is what taking a migration back would do. Nothing in it shows a
// secret, however it is printed.
type Rollback struct {
	File     string    `json:"file"`
	Backup   string    `json:"backup"`
	At       time.Time `json:"migrated,omitzero"` // when the file was migrated
	Verified bool      `json:"verified"`          // the backup is the one that was made then, by its hash
	Changed  bool      `json:"changed"`           // the file was changed after the migration
	Missing  bool      `json:"missing"`           // the file is not there any more
	Database string    `json:"database,omitempty"`
	Copy     string    `json:"database_copy,omitempty"`

	Warnings []string `json:"warnings,omitempty"` // what a person should see to afterwards

	// Before is the file as it is, After the backup.
	Before config.Secret `json:"-"`
	After  config.Secret `json:"-"`

	record *Record
	secret bool // the backup holds one
}

// PlanRollback plans to take back the migration of a file, or the last one of
// all when file is empty. It only reads. Without a record of the migration,
// FILE.bak is used if it is a v1 configuration; Verified is false then. For
// errors.Is: ErrNothing, ErrNoRecord.
func PlanRollback(stateDir, file string) (*Rollback, error) {
	r := &Rollback{File: file}
	record, err := FindRecord(stateDir, file)
	switch {
	case errors.Is(err, ErrNoRecord) && file != "":
		r.Backup = file + backupSuffix
	case err != nil:
		return nil, err
	default:
		if err := r.fromRecord(record, file); err != nil {
			return nil, err
		}
	}
	if err := r.readBackup(); err != nil {
		return nil, err
	}
	return r, r.readFile()
}

func (r *Rollback) fromRecord(record *Record, named string) error {
	r.record = record
	if named == "" {
		r.File = record.File
	}
	r.Backup, r.At, r.Database, r.Copy = record.Backup, record.At, record.Database, record.Copy
	when := record.At.Format(time.DateTime)
	switch {
	case !record.RolledBack.IsZero():
		return fmt.Errorf("take back the migration of %s: it was taken back on %s already: %w", r.File, record.RolledBack.Format(time.DateTime), ErrNothing)
	case record.File != record.Source:
		return fmt.Errorf("take back the migration of %s: %s was left as it was then, use that: %w", r.File, record.Source, ErrNothing)
	case record.Backup == "":
		return fmt.Errorf("take back the migration of %s: it was made on %s without a backup: %w", r.File, when, ErrNothing)
	}
	return nil
}

func (r *Rollback) readBackup() error {
	data, _, err := readFile(r.Backup)
	if err != nil {
		switch gone := errors.Is(err, fs.ErrNotExist); {
		case gone && r.record == nil:
			return fmt.Errorf("take back the migration of %s: %w, and there is no backup %s: name the config that was migrated, or copy your own backup to it", r.File, ErrNoRecord, r.Backup)
		case gone:
			return fmt.Errorf("take back the migration of %s: there is no such file as its backup %s any more, made on %s: bring that file back there, or copy a backup of your own to %[1]s", r.File, r.Backup, r.At.Local().Format(time.DateTime))
		}
		return err
	}
	if r.record != nil && HashOf(data) != r.record.SourceHash {
		return fmt.Errorf("take back the migration of %s: the backup %s was changed since it was made: look at it, and copy it by hand if it is good", r.File, r.Backup)
	}
	if _, _, err := config.Parse(r.File, data); !errors.Is(err, config.ErrV1) {
		return fmt.Errorf("take back the migration of %s: %s is no version 1 configuration", r.File, r.Backup)
	}
	r.Verified = r.record != nil
	r.After = config.Secret(data)
	doc, err := parseDocument(formatOf(r.File, data), data)
	r.secret = err != nil || findSecrets(doc.root).held
	if r.record != nil && r.secret && r.record.Mode&0o077 != 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%s holds a password and comes back for you alone (0600); it had mode %04o: chmod %04[2]o %s, if the old bot runs as another user",
			r.File, r.record.Mode, config.ShellQuote(r.File)))
	}
	return nil
}

func (r *Rollback) readFile() error {
	data, _, err := readFile(r.File)
	if errors.Is(err, fs.ErrNotExist) {
		r.Missing = true
		return nil
	} else if err != nil {
		return err
	}
	if string(data) == r.After.Reveal() {
		return fmt.Errorf("take back the migration of %s: it is the old file already: %w", r.File, ErrNothing)
	}
	r.Before = config.Secret(data)
	r.Changed = r.record != nil && HashOf(data) != r.record.ResultHash
	return nil
}

// Diff is the unified difference between the file and what would come back,
// secrets masked.
func (r *Rollback) Diff() string {
	if r.Missing {
		return ""
	}
	return udiff.Unified(r.File+" (now)", r.File+" (from the backup)", hidden(r.File, r.Before), hidden(r.File, r.After))
}

// hidden is a configuration's text without its secrets; when it is so damaged
// that they cannot be told from the rest, nothing of it.
func hidden(name string, text config.Secret) string {
	doc, err := parseDocument(formatOf(name, []byte(text.Reveal())), []byte(text.Reveal()))
	if err != nil {
		return "(not readable as a configuration)\n"
	}
	return whole(findSecrets(doc.root).document(doc, doc.root))
}

// RollbackOptions says how to take a migration back.
type RollbackOptions struct {
	Database  bool       // bring back the database's copy, too
	Databases *Databases // needed for that
	StateDir  string
	Step      func(Step) error
	Now       func() time.Time
}

// RollbackOutcome is what was done.
type RollbackOutcome struct {
	Kept         string   `json:"kept,omitempty"`          // where the replaced file lies now
	DatabaseKept string   `json:"database_kept,omitempty"` // where the replaced database lies now
	Warnings     []string `json:"warnings,omitempty"`      // more than the plan's
}

// Apply takes the migration back. What it replaces is kept beside it. The
// database, if asked for, comes first, and the configuration in one piece at
// the end: an error before that leaves the configuration as it was.
func (r *Rollback) Apply(ctx context.Context, opts RollbackOptions) (*RollbackOutcome, error) {
	w := newWriter(opts.Step, opts.Now)
	w.inPlace = true
	out, err := r.apply(ctx, &w, opts)
	if err != nil {
		w.takeBack()
		return nil, err
	}
	out.Warnings = w.lost.warnings(r.Backup, r.File)
	if opts.Database {
		out.Warnings = append(out.Warnings, w.lostDatabase.warnings(r.Copy, r.Database)...)
	}
	return out, nil
}

func (r *Rollback) apply(ctx context.Context, w *writer, opts RollbackOptions) (*RollbackOutcome, error) {
	out := &RollbackOutcome{}
	if err := w.step(StepLock); err != nil {
		return nil, err
	}
	if !r.Missing {
		unlock, err := lockSource(r.File)
		if err != nil {
			return nil, fmt.Errorf("take back the migration of %s: %w", r.File, err)
		}
		defer unlock()
	}
	if err := w.step(StepLook); err != nil {
		return nil, err
	}
	if err := r.unchanged(); err != nil {
		return nil, err
	}
	if err := r.allowed(opts.StateDir); err != nil {
		return nil, err
	}
	if opts.Database {
		var err error
		if out.DatabaseKept, err = r.database(ctx, w, opts.Databases); err != nil {
			return nil, err
		}
		w.undo = nil // what the database was is nowhere else any more
	}
	return out, r.config(w, opts, out)
}

// allowed says, before anything is written, that nothing of it would be refused
// at the end.
func (r *Rollback) allowed(stateDir string) error {
	for _, path := range []string{r.File, r.Backup} {
		info, err := os.Stat(path)
		if r.Missing && path == r.File && errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return fileProblem(path, err)
		}
		if owner, foreign := foreignOwner(info); foreign {
			return fmt.Errorf("take back the migration of %s: %s belongs to %s: run it as that user or as root (nothing was changed)", r.File, path, owner)
		}
	}
	return checkState(stateDir)
}

// unchanged says that the file is still what the rollback was planned for.
func (r *Rollback) unchanged() error {
	data, err := config.ReadFile(r.File)
	if r.Missing && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || string(data) != r.Before.Reveal() {
		return fmt.Errorf("take back the migration of %s: %w", r.File, ErrChanged)
	}
	return nil
}

func (r *Rollback) config(w *writer, opts RollbackOptions, out *RollbackOutcome) error {
	like, err := os.Stat(r.Backup)
	if err != nil {
		return fileProblem(r.Backup, err)
	}
	target, err := absolute(r.File)
	if err != nil {
		return err
	}
	if !r.Missing {
		if err := w.step(StepBackup); err != nil {
			return err
		}
		now, err := os.Stat(target)
		if err != nil {
			return fileProblem(r.File, err)
		}
		if out.Kept, err = w.keep(r.File+keptSuffix, []byte(r.Before.Reveal()), now, true); err != nil {
			return err
		}
	}
	sweep(target)
	if err := w.step(StepResult); err != nil {
		return err
	}
	if err := w.replace(target, []byte(r.After.Reveal()), like, r.mode(like), r.unchanged); err != nil {
		return err
	}
	w.undo = nil
	_ = RemoveDraft(opts.StateDir, r.File) // one that stays only offers choices that were made before
	if r.record == nil {
		return nil
	}
	r.record.RolledBack = w.now()
	return r.record.save(opts.StateDir)
}

// mode is the rights that the file had before the migration; for its owner
// alone where it holds a secret, as for every file that is written here.
func (r *Rollback) mode(backup fs.FileInfo) fs.FileMode {
	mode := backup.Mode().Perm()
	if r.record != nil && r.record.Mode != 0 {
		mode = r.record.Mode
	}
	if r.secret {
		mode &= 0o600
	}
	return mode | 0o400 // its owner must be able to read it
}

// database brings the copy back and keeps what it replaces.
func (r *Rollback) database(ctx context.Context, w *writer, with *Databases) (kept string, err error) {
	if r.Copy == "" || with == nil {
		return "", fmt.Errorf("bring back the database: no copy of it was made when %s was migrated", r.File)
	}
	if hash, err := hashFile(r.Copy); err != nil {
		return "", fileProblem(r.Copy, err)
	} else if hash != r.record.CopyHash {
		return "", fmt.Errorf("bring back the database: its copy %s was changed since it was made", r.Copy)
	}
	if err := w.step(StepDatabaseCopy); err != nil {
		return "", err
	}
	_, missing := os.Stat(r.Database)
	if missing == nil {
		if kept, err = w.copyOf(ctx, r.Database, r.Database+keptSuffix, with); err != nil {
			return "", fmt.Errorf("keep the database as it is now: %w", err)
		}
	}
	if err := w.step(StepDatabase); err != nil {
		return "", err
	}
	err = with.Copy(ctx, r.Copy, r.Database)
	if errors.Is(err, ErrFull) {
		err = cannotWrite(r.Database, sizeOf(r.Copy), err)
	}
	if err != nil {
		return "", fmt.Errorf("bring back the database (nothing was changed): %w", err)
	}
	if missing != nil { // one that was there has kept its own
		err = w.belong(r.Database, r.Copy)
	}
	return kept, err
}
