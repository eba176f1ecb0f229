package migrate

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"rosey/config"
)

// recordVersion is the version of Record's form on disk.
const recordVersion = 1

// Record is what is remembered of a migration, so that it can be proved and
// taken back. It lies in the XDG state folder.
type Record struct {
	Record     int         `json:"record"`
	At         time.Time   `json:"at"`
	File       string      `json:"file"`   // the configuration that was written, absolute
	Source     string      `json:"source"` // the one that was read, absolute; File unless --output was given
	SourceHash string      `json:"source_sha256"`
	ResultHash string      `json:"result_sha256"`
	Mode       fs.FileMode `json:"source_mode,omitempty"` // its rights
	Backup     string      `json:"backup,omitempty"`      // empty when none was wanted
	Database   string      `json:"database,omitempty"`
	Rows       []TableRows `json:"database_rows,omitempty"` // as they were then
	Copy       string      `json:"database_copy,omitempty"`
	CopyHash   string      `json:"database_copy_sha256,omitempty"`
	RolledBack time.Time   `json:"rolled_back,omitzero"`
}

// rowsOf is how many rows a table had; 0 when that is not known.
func (r *Record) rowsOf(table string) int64 {
	for _, t := range r.Rows {
		if t.Table == table {
			return t.Rows
		}
	}
	return 0
}

// recordFolder is where the records lie; the state folder's own default for "".
func recordFolder(stateDir string) (string, error) {
	dir, err := stateOf(stateDir)
	return filepath.Join(dir, "migrations"), err
}

// stateOf is the state folder that is meant by dir.
func stateOf(dir string) (string, error) {
	if dir != "" {
		return dir, nil
	}
	return config.StateDir()
}

func recordPath(stateDir, file string) (string, error) {
	dir, err := recordFolder(stateDir)
	return filepath.Join(dir, HashOf([]byte(file))[:32]+".json"), err
}

// save writes the record so that it is whole or not there.
func (r *Record) save(stateDir string) error {
	path, err := recordPath(stateDir, r.File)
	if err != nil {
		return err
	}
	r.Record = recordVersion
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("write record of the migration: %w", err)
	}
	if err := saveState(path, data); err != nil {
		return cannotRemember(filepath.Dir(path), err)
	}
	return nil
}

// saveOver is save; back brings back what was remembered before.
func (r *Record) saveOver(stateDir string) (back func(), err error) {
	path, err := recordPath(stateDir, r.File)
	if err != nil {
		return nil, err
	}
	earlier, none := readRecord(path)
	if err := r.save(stateDir); err != nil {
		return nil, err
	}
	return func() {
		if none == nil {
			_ = earlier.save(stateDir) // the hashes show that r did not happen
		} else {
			_ = os.Remove(path) // likewise
		}
	}, nil
}

// checkState makes sure that a record can be written.
func checkState(stateDir string) error {
	dir, err := recordFolder(stateDir)
	if err != nil {
		return err
	}
	err = os.MkdirAll(dir, 0o700)
	if err == nil {
		var f *os.File
		if f, err = os.CreateTemp(dir, ".*.new"); err == nil {
			return errors.Join(f.Close(), os.Remove(f.Name()))
		}
	}
	return cannotRemember(dir, err)
}

// saveState replaces a file of the state folder, making the folder.
func saveState(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".*.new") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // renamed by then, or not wanted
	_, err = f.Write(append(data, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// FindRecord is what is remembered of the migration of a file; of the last
// migration on this machine that was not taken back when file is empty. For
// errors.Is: ErrNoRecord.
func FindRecord(stateDir, file string) (*Record, error) {
	if file != "" {
		file, err := absolute(file)
		if err != nil {
			return nil, err
		}
		path, err := recordPath(stateDir, file)
		if err != nil {
			return nil, err
		}
		return readRecord(path)
	}
	dir, err := recordFolder(stateDir)
	if err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("look for migrations: %w", err)
	}
	var found []*Record
	for _, path := range paths {
		if r, err := readRecord(path); err == nil && r.RolledBack.IsZero() {
			found = append(found, r)
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("look for a migration: %w: name the file", ErrNoRecord)
	}
	return slices.MaxFunc(found, func(a, b *Record) int { return cmp.Compare(a.At.UnixNano(), b.At.UnixNano()) }), nil
}

func readRecord(path string) (*Record, error) {
	data, err := config.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoRecord
	} else if err != nil {
		return nil, fmt.Errorf("read record of the migration: %w", err)
	}
	var r Record
	if err := json.Unmarshal(data, &r); err != nil || r.Record != recordVersion {
		return nil, fmt.Errorf("read record of the migration: %s is damaged or of another version: move it away", path)
	}
	return &r, nil
}

// absolute is the path of the file itself, whatever links lead there.
func absolute(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find %s: %w", path, err)
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real, nil
	}
	return abs, nil // not there (yet)
}

func hashFile(path string) (string, error) {
	f, err := config.OpenFile(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // it only read
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
