package config

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"rosey/assets"
)

// What `rosey config` does, without its flags.

// Example is the annotated example configuration, in YAML. It is made from the
// schema: every key of use with its doc and its default, and one platform.
func Example() []byte {
	cfg := Default()
	var platform Platform
	setDefaults(reflect.ValueOf(&platform).Elem())
	setExamples(reflect.ValueOf(&platform).Elem())
	cfg.Platforms = []Platform{platform}

	r := renderer{annotate: true}
	for line := range strings.SplitSeq(strings.TrimSpace(assets.ConfigHeader), "\n") {
		r.WriteString(strings.TrimRight("# "+line, " ") + "\n")
	}
	r.section(reflect.ValueOf(cfg).Elem(), "", "")
	return []byte(r.String())
}

func setExamples(section reflect.Value) {
	for _, f := range fieldsOf(section.Type()) {
		if f.example != "" && f.example != "-" {
			// A test walks every tag, so an example that does not parse cannot ship.
			_ = setText(section.Field(f.index), f.example)
		}
	}
}

// WriteExample writes Example to a new file that only its owner can read, and
// makes the folder where there is none. It never overwrites: errors.Is(err,
// fs.ErrExist) when there is a file.
func WriteExample(path string) error {
	if strings.EqualFold(filepath.Ext(path), ".json") {
		return fmt.Errorf("write %s: the example has comments, which JSON has not; give it a name that ends in .yaml", path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make folder for the example: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("write example: %w: %s stays as it is; name another file or move it away", fs.ErrExist, path)
	} else if err != nil {
		return fmt.Errorf("write example: %w", err)
	}
	_, err = f.Write(Example())
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write example: %w", errors.Join(err, os.Remove(path)))
	}
	return nil
}

// Validate loads the configuration at path and writes what there is to say of
// it: a line for each warning, and one that it is good. judge tells what only a
// key's user can. The error is Load's, or has what judge found.
func Validate(ctx context.Context, w io.Writer, path string, judge func(*Config) (problems, warnings []Problem)) error {
	cfg, warnings, err := Load(ctx, path)
	if err == nil {
		problems, more := judge(cfg)
		if len(problems) > 0 {
			err = &Error{Problems: problems}
		}
		warnings = append(warnings, more...)
	}
	for _, warning := range warnings {
		if _, err := fmt.Fprintln(w, "warning:", warning); err != nil {
			return fmt.Errorf("write warnings: %w", err)
		}
	}
	if err != nil {
		return err
	}
	var rooms []string
	for _, p := range cfg.Platforms {
		if p.Enabled {
			rooms = append(rooms, fmt.Sprintf("%s (%s at %s)", p.Name, p.Channel, p.Domain))
		}
	}
	_, err = fmt.Fprintf(w, "%s: valid, version %s, rooms: %s\n", path, cfg.Version, strings.Join(rooms, ", "))
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}

// Show is the effective configuration with secrets masked: YAML that says in a
// comment what an acknowledged write is worth, or JSON.
func Show(cfg *Config, asJSON bool) ([]byte, error) {
	if !asJSON {
		r := renderer{notes: map[string]string{"nats.sync": cfg.NATS.acknowledgement()}}
		if cfg.Path != "" {
			r.comment(cfg.Path+" with defaults, environment and passwords filled in", "")
		}
		r.section(reflect.ValueOf(cfg).Elem(), "", "")
		return []byte(r.String()), nil
	}
	masked := *cfg
	masked.Platforms = slices.Clone(cfg.Platforms)
	redactURLs(reflect.ValueOf(&masked).Elem())
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(masked); err != nil {
		return nil, fmt.Errorf("write configuration as JSON: %w", err)
	}
	return out.Bytes(), nil
}

func redactURLs(section reflect.Value) {
	for _, f := range fieldsOf(section.Type()) {
		switch v := section.Field(f.index); {
		case v.Kind() == reflect.Struct:
			redactURLs(v)
		case f.is == isURL:
			v.SetString(RedactURL(v.String()))
		}
	}
}

// acknowledgement says what it means that the embedded server acknowledged a
// write, given Sync.
func (n NATS) acknowledgement() string {
	if every, err := ParseDuration(n.Sync); err == nil {
		return fmt.Sprintf("A write of the embedded server is acknowledged once the operating system has it, and synced to disk every %s: "+
			"a crash of rosey loses nothing acknowledged, a power cut up to the last %s.", every, every)
	}
	return "A write of the embedded server is synced to disk before it is acknowledged: " +
		"neither a crash nor a power cut loses what was acknowledged."
}
