package config

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
)

// Find gives the path of the configuration to load: the one named by flag, by
// $ROSEY_CONFIG, config.json, .yaml or .yml here, or the same in ConfigDir.
// A file that was named is not looked for: Load says when it is missing. The
// error is an *Error; errors.Is(err, ErrNone) when there is none anywhere.
func Find(flag string) (string, error) {
	if flag != "" {
		return flag, nil
	}
	if env := os.Getenv("ROSEY_CONFIG"); env != "" {
		return env, nil
	}
	folders := []string{"."}
	if dir, err := ConfigDir(); err == nil {
		folders = append(folders, dir)
	}
	for _, dir := range folders {
		for _, name := range []string{"config.json", "config.yaml", "config.yml"} {
			path := filepath.Join(dir, name)
			if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
				return path, nil
			}
		}
	}
	return "", &Error{Err: ErrNone, Problems: []Problem{{
		File: "config",
		What: "found no config.json, config.yaml or config.yml in " + strings.Join(folders, " or "),
		Do:   "name one with --config or $ROSEY_CONFIG, or write one with: rosey config init",
	}}}
}

// Load reads the configuration at path, JSON or YAML, with passwords fetched
// from where the file says they are: that may run commands, for ten seconds
// each at most and until ctx ends. The error is an *Error with everything that is wrong;
// errors.Is(err, ErrV1) when the file must be migrated first. Warnings come
// with an error too.
func Load(ctx context.Context, path string) (*Config, Warnings, error) {
	data, err := ReadFile(path)
	if err != nil {
		return nil, nil, &Error{Err: err, Problems: []Problem{{
			File: path, What: "the file cannot be read: " + Cause(err).Error(),
			Do: "correct the path, or write an example with: rosey config init",
		}}}
	}
	cfg, d, err := decode(path, data, os.LookupEnv)
	if cfg != nil {
		folder := filepath.Dir(path)
		d.paths(reflect.ValueOf(cfg).Elem(), "", folder)
		if len(d.problems) == 0 {
			d.passwords(ctx, cfg, folder)
		}
		if d.holds != "" {
			d.private(path, d.place(d.holds), d.holds)
		}
	}
	return d.result(cfg, err)
}

// Parse is Load for text that has been read already. It looks at the
// environment and at nothing else: no file, no command, so the passwords that
// lie there are not in the result. The name tells JSON from YAML by its
// extension and stands in the messages.
func Parse(name string, data []byte) (*Config, Warnings, error) {
	cfg, d, err := decode(name, data, os.LookupEnv)
	return d.result(cfg, err)
}

// Reread is Load for a process that runs already and wants to know what has
// changed: it runs no command and opens no file but this one, so passwords
// from elsewhere are not in the result.
func Reread(path string) (*Config, Warnings, error) {
	data, err := ReadFile(path)
	if err != nil {
		return nil, nil, &Error{Err: err, Problems: []Problem{{
			File: path, What: "the file cannot be read: " + Cause(err).Error(), Do: "put it back",
		}}}
	}
	return Parse(path, data)
}

// decode gives a nil Config when the text could not be made sense of at all.
// Its error is ErrV1 or nil; what is wrong is with the decoder.
func decode(name string, data []byte, lookup func(string) (string, bool)) (*Config, *decoder, error) {
	src, root, problems := parse(name, data)
	d := &decoder{src: src, lookup: lookup, problems: problems,
		at: make(map[string]position), fromEnv: make(map[string]bool)}
	if root == nil {
		return nil, d, nil
	}
	d.at[""] = root.at
	if ok, v1 := d.version(root); v1 {
		return nil, d, ErrV1
	} else if !ok {
		return nil, d, nil
	}
	cfg := Default()
	cfg.Path, cfg.places = name, d
	d.root(root, cfg)
	d.check(cfg)
	return cfg, d, nil
}

// result sorts what was found by its place in the file.
func (d *decoder) result(cfg *Config, err error) (*Config, Warnings, error) {
	byPlace := func(p []Problem) {
		sort.SliceStable(p, func(i, j int) bool {
			return p[i].Line < p[j].Line || p[i].Line == p[j].Line && p[i].Column < p[j].Column
		})
	}
	byPlace(d.problems)
	byPlace(d.warnings)
	if len(d.problems) > maxProblems {
		d.problems = d.problems[:maxProblems+1]
		last := &d.problems[maxProblems]
		last.Key, last.Code, last.What, last.Do = "", CodeNone, "and more problems, which are left out", "correct those above first"
	}
	if len(d.problems) > 0 {
		return nil, d.warnings, &Error{Problems: d.problems, Err: err}
	}
	return cfg, d.warnings, nil
}
