package migrate

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rosey/config"
)

// draftVersion is the version of Draft's form on disk.
const draftVersion = 1

// The bounds of what is kept: of one draft, and how many there are; the oldest
// goes first.
const (
	draftLimit = 64 << 10
	maxDrafts  = 20
)

// ErrNoDraft: no migration of the file was begun and left.
var ErrNoDraft = errors.New("no migration was begun and left")

// A Draft is a migration that was begun and not carried out yet: where the
// person stands, and what they decided. It lies in the XDG state folder and
// goes with Apply and with Rollback.Apply. No secret gets there.
type Draft struct {
	Draft     int       `json:"draft"`
	At        time.Time `json:"at"`
	File      string    `json:"file"`          // absolute
	Hash      string    `json:"source_sha256"` // of the file that the person saw
	Step      string    `json:"step"`          // a name of the caller's
	Decisions Decisions `json:"decisions"`
	Withheld  []string  `json:"withheld,omitempty"` // keys of nats that were decided and are not in here; Save adds to them
}

func draftFolder(stateDir string) (string, error) {
	dir, err := recordFolder(stateDir)
	return filepath.Join(dir, "begun"), err
}

func draftPath(stateDir, file string) (string, error) {
	file, err := absolute(file)
	if err != nil {
		return "", err
	}
	dir, err := draftFolder(stateDir)
	return filepath.Join(dir, HashOf([]byte(file))[:32]+".json"), err
}

// Save writes the draft down, without its secrets, so that it is whole or not
// there. It takes the place of an earlier one of the same file.
func (d Draft) Save(stateDir string) error {
	path, err := draftPath(stateDir, d.File)
	if err != nil {
		return err
	}
	if d.File, err = absolute(d.File); err != nil {
		return err
	}
	d.Draft = draftVersion
	d.withhold()
	data, err := json.MarshalIndent(d, "", "  ")
	if err == nil && len(data) >= draftLimit {
		err = fmt.Errorf("they take %d bytes, and %d are kept", len(data), draftLimit)
	}
	if err == nil {
		err = saveState(path, data)
	}
	if err != nil {
		return fmt.Errorf("keep the choices for another time: %w", config.Cause(err))
	}
	return thinDrafts(filepath.Dir(path))
}

// withhold takes out what lets somebody in.
func (d *Draft) withhold() {
	if strings.Contains(d.Decisions.Database, "://") { // no path, and it may have a password in it
		d.Decisions.Database = ""
	}
	if d.Decisions.NATS == nil {
		return
	}
	n := *d.Decisions.NATS
	take := func(key string, secret bool) bool {
		if secret && !slices.Contains(d.Withheld, key) {
			d.Withheld = append(d.Withheld, key)
		}
		return secret
	}
	d.Withheld = slices.Clone(d.Withheld)
	if take("url", !plainURLs(n.URL)) {
		n.URL = ""
	}
	if take("password", n.Password != "") {
		n.Password = ""
	}
	if take("token", n.Token != "") {
		n.Token = ""
	}
	if take("password_command", n.PasswordCommand != "") {
		n.PasswordCommand = ""
	}
	d.Decisions.NATS = &n
}

// plainURLs says that there is nothing in the addresses but schemes, hosts and
// ports.
func plainURLs(urls string) bool {
	for one := range strings.SplitSeq(urls, ",") {
		if !plainURL(strings.TrimSpace(one)) {
			return false
		}
	}
	return true
}

// plainURL goes by what can be nothing else. Until its @ is typed, a token or
// a name with its password reads like a host, with its port: what is behind a
// name must be a port that NATS has.
func plainURL(address string) bool {
	if !strings.Contains(address, "://") {
		address = "nats://" + address
	}
	u, err := url.Parse(address)
	if err != nil || strings.Contains(address, "@") || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil || u.Hostname() == "localhost" || u.Host == "" {
		return true
	}
	return u.Port() == "4222" || u.Port() == "443"
}

// thinDrafts removes the oldest when there are too many.
func thinDrafts(dir string) error {
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(paths) <= maxDrafts {
		return err
	}
	age := func(path string) int64 {
		info, err := os.Stat(path)
		if err != nil {
			return 0
		}
		return info.ModTime().UnixNano()
	}
	slices.SortFunc(paths, func(a, b string) int { return cmp.Compare(age(b), age(a)) })
	var errs []error
	for _, path := range paths[maxDrafts:] {
		errs = append(errs, os.Remove(path))
	}
	return errors.Join(errs...)
}

// FindDraft is what was begun with a file and left, or with any file, the last
// one, when file is empty. For errors.Is: ErrNoDraft. Another error is a
// sentence that says why a draft that there is cannot be gone on with.
func FindDraft(stateDir, file string) (*Draft, error) {
	if file != "" {
		path, err := draftPath(stateDir, file)
		if err != nil {
			return nil, err
		}
		return readDraft(path)
	}
	dir, err := draftFolder(stateDir)
	if err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("look for migrations that were begun: %w", err)
	}
	var last *Draft
	for _, path := range paths {
		if d, err := readDraft(path); err == nil && (last == nil || d.At.After(last.At)) {
			last = d
		}
	}
	if last == nil {
		return nil, ErrNoDraft
	}
	return last, nil
}

func readDraft(path string) (*Draft, error) {
	data, err := config.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoDraft
	} else if err != nil {
		return nil, fmt.Errorf("what you chose earlier cannot be read, so you begin anew: %w", err)
	}
	var version struct {
		Draft int `json:"draft"`
	}
	if json.Unmarshal(data, &version) == nil && version.Draft > draftVersion {
		return nil, errors.New("what you chose earlier was written by a newer rosey, so you begin anew")
	}
	var d Draft
	if err := json.Unmarshal(data, &d); err != nil || d.Draft != draftVersion || d.File == "" {
		return nil, fmt.Errorf("what you chose earlier is damaged (%s), so you begin anew", path)
	}
	return &d, nil
}

// RemoveDraft forgets what was begun with a file.
func RemoveDraft(stateDir, file string) error {
	path, err := draftPath(stateDir, file)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forget what was begun: %w", err)
	}
	return nil
}
