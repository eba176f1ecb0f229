package config

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// FuzzParse: nothing panics, every problem has its place in the file, JSON is
// what encoding/json says it is, and what is shown can be read again.
func FuzzParse(f *testing.F) {
	f.Setenv("ROSEY_TEST_PASSWORD", "x")
	f.Setenv("ROSEY_TEST_NATS", "x")
	for _, pattern := range []string{"testdata/good/*", "testdata/bad/*", "testdata/v1/*.*", "testdata/v1/bad/*"} {
		for _, path := range files(f, pattern) {
			text, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text, true)
			f.Add(text, false)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, asJSON bool) {
		name := "config.yaml"
		if asJSON {
			name = "config.json"
		}
		cfg, warnings, err := Parse(name, text)
		var problems *Error
		switch {
		case err == nil && cfg == nil, err != nil && cfg != nil:
			t.Fatalf("config %v and error %v", cfg, err)
		case err != nil && !errors.As(err, &problems):
			t.Fatalf("error is a %T", err)
		case err == nil && asJSON && !json.Valid(text) && !strings.HasPrefix(string(text), "\xef\xbb\xbf"):
			t.Fatal("invalid JSON was taken")
		}
		all := warnings
		if problems != nil {
			all = append(all, problems.Problems...)
		}
		lines := strings.Count(string(text), "\n") + 2                       // an empty value may stand after the last line
		onlyLF := !strings.ContainsAny(string(text), "\r\u0085\u2028\u2029") // YAML breaks lines at these too
		for _, p := range all {
			if p.Line < 1 || p.Line > lines && onlyLF || p.Column < 1 || p.What == "" {
				t.Errorf("a problem without a place in %d lines: %+v", lines, p)
			}
		}
		if cfg == nil {
			return
		}
		var back any
		if shown, err := Show(cfg, false); err != nil || yaml.Unmarshal(shown, &back) != nil {
			t.Errorf("what is shown cannot be read: %v\n%s", err, shown)
		}
		if shown, err := Show(cfg, true); err != nil || !json.Valid(shown) {
			t.Errorf("what is shown cannot be read: %v\n%s", err, shown)
		}
	})
}
