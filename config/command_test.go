package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// commented is a line of an entry that the example shows as a comment.
var commented = regexp.MustCompile(`^  # ( |(highlights|filters|presets|keys):$)`)

func TestExampleIsTheDefaults(t *testing.T) {
	example := Example()
	golden.RequireEqual(t, example)
	cfg, warnings, err := Parse("", example)
	if err != nil {
		t.Fatal(err)
	}
	if len(warnings) != 1 || warnings[0].Key != "platforms[0].channel" {
		t.Errorf("warnings are %v, want the one about the example's channel", warnings)
	}
	want := Default()
	want.Platforms = []Platform{{
		Type: "cytube", Name: "primary", Enabled: true, Domain: "https://cytu.be", Channel: "YourChannel",
		User: "YourBot", ResponseTimeout: 3, RestartDelay: 5,
	}}
	want.TUI.Ignore = []string{} // the example writes the list down
	cfg.places = nil
	if !reflect.DeepEqual(cfg, want) {
		t.Errorf("the example comes to\n%#v\nwant\n%#v", cfg, want)
	}

	// With every commented key put in force it must still be understood.
	var full []string
	for line := range strings.SplitSeq(string(example), "\n") {
		if strings.HasSuffix(line, `: ""`) || strings.HasSuffix(line, "# tls:") {
			line = strings.ReplaceAll(line, "# ", "")
		}
		if commented.MatchString(line) {
			line = strings.Replace(line, "# ", "", 1)
		}
		full = append(full, line)
	}
	cfg, warnings, err = Parse("full.yaml", []byte(strings.Join(full, "\n")))
	if err != nil || len(warnings) != 1 {
		t.Fatalf("with all keys in force: warnings %v, error %v", warnings, err)
	}
	rules := cfg.TUI
	if len(rules.Highlights) != 1 || len(rules.Filters) != 1 || len(rules.Presets) != 1 || rules.Keys["help"] != "f1 alt+h" {
		t.Errorf("the example's rules come to %+v", rules)
	}
}

func TestWriteExampleNeverOverwrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "config.yaml")
	if err := WriteExample(path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v; want 0600", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := WriteExample(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("second time: error is %v, want fs.ErrExist", err)
	}
	if text, _ := os.ReadFile(path); string(text) != "mine" {
		t.Errorf("the file was overwritten: %s", text)
	}
	if err := WriteExample(filepath.Join(t.TempDir(), "config.json")); err == nil {
		t.Error("YAML was written under a JSON name")
	}
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("rosey.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("rosey.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// instance reads JSON or YAML as a schema sees it.
func instance(t *testing.T, name string, text []byte) any {
	t.Helper()
	if !IsJSON(name, text) {
		var v any
		if err := yaml.Unmarshal(text, &v); err != nil {
			t.Fatal(err)
		}
		asJSON, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		text = asJSON
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSchemaTakesWhatLoads(t *testing.T) {
	compiled := compileSchema(t)
	if err := compiled.Validate(instance(t, "example.yaml", Example())); err != nil {
		t.Errorf("the example: %v", err)
	}
	for _, path := range files(t, "testdata/good/*") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		// The anchor's own key is none of ours, and YAML 1.1's words are no booleans to YAML 1.2.
		text = []byte(strings.NewReplacer("account: &account", "_comment: &account", "enabled: yes", "enabled: true", "enabled: off", "enabled: false").Replace(string(text)))
		if err := compiled.Validate(instance(t, path, text)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestSchemaRefusesWhatDoesNot(t *testing.T) {
	compiled := compileSchema(t)
	nats, platforms := `"nats": {"url": "nats://x"}`, `"platforms": [{"domain": "d", "channel": "c"}]`
	if err := compiled.Validate(instance(t, "x.json", []byte("{"+nats+","+platforms+"}"))); err != nil {
		t.Fatalf("the least there is: %v", err)
	}
	for _, text := range []string{
		`[]`, `{}`, "{" + nats + "}", "{" + platforms + "}",
		`{"nats": {}, ` + platforms + `}`,
		`{"nats": null, ` + platforms + `}`,
		"{" + nats + `, "platforms": []}`,
		"{" + nats + `, "platforms": [{"domain": "d"}]}`,
		"{" + nats + `, "platforms": [{"domain": "d", "channel": "no spaces"}]}`,
		"{" + nats + `, "platforms": [{"domain": "d", "channel": "c", "type": "discord"}]}`,
		"{" + nats + `, "platforms": [{"domain": "d", "channel": "c", "chanel": 1}]}`,
		"{" + nats + "," + platforms + `, "version": "3.0"}`,
		"{" + nats + "," + platforms + `, "version": 1}`,
		"{" + nats + "," + platforms + `, "shell": {"port": 70000}}`,
		"{" + nats + "," + platforms + `, "logging": {"level": "LOUD"}}`,
		"{" + nats + "," + platforms + `, "database": {"batch_rows": 0}}`,
	} {
		if err := compiled.Validate(instance(t, "x.json", []byte(text))); err == nil {
			t.Errorf("taken: %s", text)
		}
	}
}

func TestSchemaGolden(t *testing.T) {
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	golden.RequireEqual(t, text)
}

// Every tag must parse, and every key must have a doc: nothing checks that at
// run time.
func TestTags(t *testing.T) {
	var walk func(typ reflect.Type, path string)
	walk = func(typ reflect.Type, path string) {
		fields := fieldsOf(typ)
		for _, f := range fields {
			at := join(path, f.name)
			if !strings.HasSuffix(f.doc, ".") {
				t.Errorf("%s: doc %q is no sentence", at, f.doc)
			}
			elem := f.typ
			if f.typ.Kind() == reflect.Slice {
				elem = f.typ.Elem()
			}
			if elem.Kind() == reflect.Struct {
				walk(elem, at)
				continue
			}
			if elem.Kind() == reflect.Map {
				continue // its example is YAML, and the example's test reads it
			}
			for _, text := range []string{f.def, strings.TrimPrefix(f.example, "-")} {
				if err := setText(reflect.New(f.typ).Elem(), text); text != "" && err != nil {
					t.Errorf("%s: %q: %v", at, text, err)
				}
			}
			if f.pair != "" && pathsOf(f.pair, typ, "") == nil {
				t.Errorf("%s: no key %s beside it", at, f.pair)
			}
		}
	}
	walk(reflect.TypeFor[Config](), "")
}

func TestValidate(t *testing.T) {
	path := write(t, 0o600, "pasword: x")
	var out strings.Builder
	if err := Validate(t.Context(), &out, path, func(*Config) (_, _ []Problem) { return nil, nil }); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"warning: " + path + ":7:5: platforms[0].pasword", "did you mean password?", "rooms: primary (c at https://d)"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in:\n%s", want, out.String())
		}
	}
}

func TestShowHidesURLsAndExplainsSync(t *testing.T) {
	cfg := Default()
	cfg.NATS.URL = "nats://me:" + planted + "@h"
	cfg.NATS.Sync = "2m"
	cfg.LLM.OpenAI.BaseURL = "https://h/?key=" + planted
	cfg.LLM.Triggers.Greetings.OnJoin.SpecificUsers = map[string]float64{"b: c": 1, "a": 0.5}
	for _, asJSON := range []bool{false, true} {
		text, err := Show(cfg, asJSON)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), planted) || !strings.Contains(string(text), "nats://me:"+Mask+"@h") {
			t.Errorf("not masked:\n%s", text)
		}
		if !asJSON && !strings.Contains(string(text), "up to the last 2m0s") {
			t.Errorf("sync is not explained:\n%s", text)
		}
		var back map[string]any
		if err := yaml.Unmarshal(text, &back); err != nil {
			t.Errorf("what is shown cannot be read: %v", err)
		}
	}
	if cfg.NATS.URL != "nats://me:"+planted+"@h" {
		t.Error("Show changed the configuration")
	}
}
