package migrate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rosey/config"
)

// Databases is what a migration needs of the database. The functions come from
// outside, as this package knows no SQL.
type Databases struct {
	// Inspect checks a file and counts its rows; it only reads. With still it
	// leaves nothing behind at all, and may refuse because a program is at work
	// on the file.
	Inspect func(ctx context.Context, path string, still bool) (Contents, error)

	// Copy copies a whole database, as it is at one moment. For errors.Is:
	// ErrFull.
	Copy func(ctx context.Context, from, to string) error
}

// Contents is what was found in a database.
type Contents struct {
	Schema string      `json:"schema"`
	Bytes  int64       `json:"bytes"`
	Tables []TableRows `json:"tables"`
}

// TableRows is how many rows a table has.
type TableRows struct {
	Table string `json:"table"`
	Rows  int64  `json:"rows"`
}

// Rows is how many there are in all tables.
func (c Contents) Rows() (sum int64) {
	for _, t := range c.Tables {
		sum += t.Rows
	}
	return sum
}

// Database is what happened to the database: nothing, and here is the proof.
type Database struct {
	Path   string   `json:"path"`
	Found  bool     `json:"found"`
	Before Contents `json:"before"`
	After  Contents `json:"after"`
	Backup string   `json:"backup,omitempty"` // the copy's name
	SHA256 string   `json:"sha256,omitempty"` // the copy's

	Trouble string `json:"trouble,omitempty"` // why it could not be counted again
}

// Same says that no row came or went. A bot that still runs writes on.
func (d Database) Same() bool { return slices.Equal(d.Before.Tables, d.After.Tables) }

// FindDatabase is where the database of a plan lies: from the present folder,
// as the bot would find it, or beside the configuration or the file that a link
// to it leads to. found is false when it is in none of these; the path is then
// where rosey would make it.
func (p *Plan) FindDatabase() (path string, found bool) {
	if p.Database == "" {
		return "", false
	}
	for _, c := range p.databasePaths() {
		if info, err := os.Stat(c); err == nil && info.Mode().IsRegular() {
			return c, true
		}
	}
	return p.Database, false
}

// databasePaths is where FindDatabase looks, in that order.
func (p *Plan) databasePaths() []string {
	paths := []string{p.Database}
	if filepath.IsAbs(p.Database) {
		return paths
	}
	for _, file := range p.configPaths() {
		paths = append(paths, filepath.Join(filepath.Dir(file), p.Database))
	}
	return paths
}

// configPaths is the configuration by the name it was given, and by its own
// where a link leads to it.
func (p *Plan) configPaths() []string {
	paths := []string{p.Path}
	if real, err := filepath.EvalSymlinks(p.Path); err == nil && filepath.Dir(real) != filepath.Dir(p.Path) {
		paths = append(paths, real)
	}
	return paths
}

// Shown is a database's path as it may be shown: what somebody took for one may
// be the address of a server, with a password in it.
func Shown(database string) string {
	if strings.Contains(database, "://") {
		return config.RedactURL(database)
	}
	return database
}

// NoDatabase says that there is none, where it was looked for, and what comes
// of that.
func (p *Plan) NoDatabase() string {
	text := "there is none at " + Shown(p.Database)
	folders := p.databaseFolders()
	if len(folders) < 2 {
		return text + ": rosey makes it when it starts"
	}
	return text + " (looked for in " + strings.Join(folders, " and ") + "): rosey makes it when it starts, in the folder where it is started"
}

// databaseFolders are those of databasePaths, each once.
func (p *Plan) databaseFolders() []string {
	var folders []string
	for _, path := range p.databasePaths() {
		whole, err := filepath.Abs(path)
		if dir := filepath.Dir(whole); err == nil && !slices.Contains(folders, dir) {
			folders = append(folders, dir)
		}
	}
	return folders
}

// CheckDatabase says why the bot could not make its database, where there is
// none yet; nil where it could, and where there is one.
func (p *Plan) CheckDatabase() error {
	path, found := p.FindDatabase()
	if found || path == "" {
		return nil
	}
	no := func(what, do string) error {
		return refuse(p.Path, 0, 0, "db", what+" (nothing was changed)", do)
	}
	const file = "name the database's file, such as bot_data.db"
	if strings.Contains(path, "://") {
		return no(Shown(path)+" is an address, and rosey keeps its data in a file of its own", file)
	}
	switch info, err := os.Stat(path); {
	case err == nil && info.IsDir():
		return no("the database cannot be at "+path+": this is a folder", file)
	case err == nil:
		return no("the database cannot be at "+path+": this is no regular file", file)
	case !errors.Is(err, fs.ErrNotExist):
		return no("the database cannot be at "+path+": "+config.Cause(err).Error(), file+", where this user may look")
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return no("the database cannot be at "+path+": there is no folder "+filepath.Dir(path), "make that folder, or correct the path")
	}
	return nil
}

// placed is the plan with the database's whole path in the result, where it was
// found beside the configuration: the bot would look from the folder that it is
// started in, and make a new one there.
func (p *Plan) placed(decisions Decisions) (*Plan, error) {
	path, found := p.FindDatabase()
	if !p.Due() || !found || path == p.Database {
		return p, nil
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", path, err)
	}
	again, err := newPlan(p.Path, p.output, []byte(p.Before.Reveal()), decisions, whole)
	if err == nil && again.Database != whole {
		err = refuse(p.Path, 0, 0, "db", "the database lies beside the config, and the name of that folder cannot be written in a configuration",
			"migrate it from that folder, and start rosey there: cd "+config.ShellQuote(filepath.Dir(whole)))
	}
	return again, err
}

// checkDatabase looks at the database and copies it, before anything else is
// written. A database that is not sound stops the migration: what comes after
// would only make it worse.
func (a *application) checkDatabase(ctx context.Context) (*Database, error) {
	path, found := a.plan.FindDatabase()
	if a.opts.Databases == nil || path == "" {
		return nil, nil
	}
	d := &Database{Path: path, Found: found}
	if !found {
		return d, a.plan.CheckDatabase()
	}
	if err := a.step(StepDatabase); err != nil {
		return nil, err
	}
	var err error
	if d.Before, err = a.opts.Databases.Inspect(ctx, path, false); err != nil {
		return nil, fmt.Errorf("check database: %w", err)
	}
	if a.opts.NoBackup {
		return d, nil
	}
	if err := a.step(StepDatabaseCopy); err != nil {
		return nil, err
	}
	return d, a.copyDatabase(ctx, d)
}

// copyDatabase copies the database to its place, and looks at the copy.
func (a *application) copyDatabase(ctx context.Context, d *Database) error {
	name, err := a.copyOf(ctx, d.Path, a.places.Copy, a.opts.Databases)
	if errors.Is(err, ErrFull) {
		return fmt.Errorf("copy database: %w", err)
	} else if err != nil {
		return fmt.Errorf("copy database (the configuration was not changed): %w", err)
	}
	d.Backup = name
	copied, err := a.opts.Databases.Inspect(ctx, name, true)
	if err != nil {
		return fmt.Errorf("check the database's copy (the configuration was not changed): %w", err)
	}
	if copied.Rows() < d.Before.Rows() {
		return fmt.Errorf("check the database's copy: it has %d rows, the database %d (the configuration was not changed): run it again", copied.Rows(), d.Before.Rows())
	}
	if d.SHA256, err = hashFile(name); err != nil {
		return fmt.Errorf("check the database's copy: %w", err)
	}
	return nil
}
