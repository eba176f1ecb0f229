package migrate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"
	"go.yaml.in/yaml/v3"

	"rosey/config"
)

// planted begins every secret of the fixtures that a test looks for.
const planted = "planted-secret"

func glob(t testing.TB, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files at %s (%v)", pattern, err)
	}
	return paths
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func planOf(t testing.TB, path string) *Plan {
	t.Helper()
	p, err := NewPlan(filepath.Base(path), "", read(t, path))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return p
}

func indented(t testing.TB, v any) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// decoded is a JSON or YAML text as plain values.
func decoded(t testing.TB, p *Plan) any {
	t.Helper()
	doc, err := parseDocument(p.To, []byte(p.After.Reveal()))
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(asJSON(doc.root, scalarJSON), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// Every good file: the report, and the result as it is written. Run with
// -update after a change and read the difference.
func TestGoodFiles(t *testing.T) {
	for _, path := range glob(t, "testdata/v1/good/*") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			p := planOf(t, path)
			report := p.Report()
			if text := indented(t, report) + fmt.Sprintf("%v %+v %#v", p, *p, *p) + fmt.Sprint(p.Rows()); strings.Contains(text, planted) {
				t.Errorf("a secret is shown:\n%s", text)
			}
			report.Diff = ""
			golden.RequireEqual(t, indented(t, report)+"\n"+p.Diff()+"\n"+p.After.Reveal())
		})
	}
}

func TestBadFiles(t *testing.T) {
	for _, path := range glob(t, "testdata/v1/bad/*") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			p, err := NewPlan(filepath.Base(path), "", read(t, path))
			var bad *config.Error
			if !errors.As(err, &bad) || p != nil {
				t.Fatalf("got plan %v and error %v, want a *config.Error", p, err)
			}
			for _, problem := range bad.Problems {
				if problem.Line < 1 || problem.Column < 1 || problem.What == "" || problem.Do == "" {
					t.Errorf("problem without place, text or advice: %+v", problem)
				}
			}
			if strings.Contains(err.Error(), planted) {
				t.Errorf("a secret is shown: %v", err)
			}
			golden.RequireEqual(t, err.Error()+"\n")
		})
	}
}

// The old script's values stand on every key that it wrote (COMPAT.md §6). The
// one difference is meant: it gave a bot without an account its example's.
func TestValuesAreTheOldScripts(t *testing.T) {
	for _, path := range glob(t, "testdata/script/*.json") {
		var want any
		if err := json.Unmarshal(read(t, path), &want); err != nil {
			t.Fatal(err)
		}
		got := decoded(t, planOf(t, filepath.Join("testdata/v1/good", filepath.Base(path))))
		room := want.(map[string]any)["platforms"].([]any)[0].(map[string]any)
		if reflect.DeepEqual(room["user"], []any{"YourUsername", "YourPassword"}) {
			room["user"] = nil
		}
		for _, differs := range missing(want, got, "") {
			t.Errorf("%s: %s", filepath.Base(path), differs)
		}
	}
}

// missing lists what of want is not so in got.
func missing(want, got any, path string) []string {
	switch want := want.(type) {
	case map[string]any:
		object, _ := got.(map[string]any)
		var all []string
		for key, v := range want {
			if _, ok := object[key]; !ok {
				all = append(all, path+"."+key+" is missing")
				continue
			}
			all = append(all, missing(v, object[key], path+"."+key)...)
		}
		return all
	case []any:
		list, _ := got.([]any)
		if len(list) != len(want) {
			return []string{fmt.Sprintf("%s has %d entries, want %d", path, len(list), len(want))}
		}
		var all []string
		for i := range want {
			all = append(all, missing(want[i], list[i], fmt.Sprintf("%s[%d]", path, i))...)
		}
		return all
	}
	if !reflect.DeepEqual(want, got) {
		return []string{fmt.Sprintf("%s is %v, want %v", path, got, want)}
	}
	return nil
}

func TestSeedExampleGivesTheGuidesExample(t *testing.T) {
	const guide = `{
  "version": "2.0",
  "nats": {"url": "nats://localhost:4222"},
  "database": {"path": "bot_data.db", "run_as_service": true},
  "platforms": [{"type": "cytube", "domain": "https://cytu.be", "channel": "YourChannel", "user": ["username", "password"]}],
  "shell": {"enabled": true},
  "logging": {"level": "info"}
}`
	var want any
	if err := json.Unmarshal([]byte(guide), &want); err != nil {
		t.Fatal(err)
	}
	for _, differs := range missing(want, decoded(t, planOf(t, "testdata/v1/good/seed-example.json")), "") {
		t.Error(differs)
	}
}

// Every key of the source is in the report, and its value in the result unless
// the report says why not.
func TestNothingOfTheSourceIsMissing(t *testing.T) {
	for _, path := range glob(t, "testdata/v1/good/*") {
		p := planOf(t, path)
		doc, err := parseDocument(p.Format, read(t, path))
		if err != nil {
			t.Fatal(err)
		}
		told := map[string]Key{}
		for _, k := range p.Keys {
			if k.From != "" {
				told[k.From] = k
			}
		}
		for i := 0; i < len(doc.root.Content); i += 2 {
			name := doc.root.Content[i].Value
			k, ok := told[name]
			switch {
			case !ok:
				t.Errorf("%s: the report does not say what becomes of %s", path, name)
			case k.Why == "" || k.Line == 0 || k.Action != Dropped && (k.To == "" || k.New == nil):
				t.Errorf("%s: the report of %s is not whole: %+v", path, name, k)
			case k.Action == Carried || k.Action == Renamed || k.Action == Kept:
				var want, got any
				if err := errors.Join(json.Unmarshal(asJSON(doc.root.Content[i+1], scalarJSON), &want)); err != nil {
					t.Fatal(err)
				}
				got = at(decoded(t, p), k.To)
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%s: %s is %v in the result, want %v", path, k.To, got, want)
				}
			}
		}
	}
}

// at is the value at a path such as platforms[0].user.
func at(v any, path string) any {
	for part := range strings.SplitSeq(strings.ReplaceAll(path, "[0]", ".0"), ".") {
		if list, ok := v.([]any); ok && part == "0" {
			v = list[0]
			continue
		}
		object, _ := v.(map[string]any)
		v = object[part]
	}
	return v
}

// The loader reads from the result what v1 read from the source.
func TestResultMeansWhatTheSourceMeant(t *testing.T) {
	p := planOf(t, "testdata/v1/good/lost-by-the-script.json")
	cfg, _, err := config.Parse("config.json", []byte(p.After.Reveal()))
	if err != nil {
		t.Fatal(err)
	}
	room := cfg.Platforms[0]
	if got, want := room.Password.Reveal(), planted+"-${HOME}"; got != want {
		t.Errorf("password is %q, want %q as it was written", got, want)
	}
	if room.Proxy != "127.0.0.1:1080" || room.ChannelPassword.Reveal() != planted+"-door" {
		t.Errorf("proxy %q, channel password %q", room.Proxy, room.ChannelPassword.Reveal())
	}
	if cfg.Shell.Enabled || cfg.TUI.Theme != "hal9000" || cfg.Logging.ChatLogFile != "" || cfg.Logging.LLMLogFile != "llm.log" {
		t.Errorf("shell %+v, tui %+v, logging %+v", cfg.Shell, cfg.TUI, cfg.Logging)
	}
}

func TestNothingIsDueForV2(t *testing.T) {
	for _, version := range []string{`"2.0"`, `2`, `2.0`, `"2.1"`, `"v2"`} {
		p, err := NewPlan("config.json", "", []byte(`{"version": `+version+`, "nats": {"url": "nats://x"}, "platforms": [{"domain": "d", "channel": "c"}]}`))
		if err != nil || p.Due() || p.Kind != V2 || p.Diff() != "" || len(p.Keys) > 0 || p.After != "" {
			t.Errorf("version %s: plan %+v, error %v", version, p, err)
		}
	}
}

func TestTheOtherFormat(t *testing.T) {
	for source, output := range map[string]string{"full.json": "new.yaml", "comments.yaml": "new.json"} {
		p, err := NewPlan(source, output, read(t, "testdata/v1/good/"+source))
		if err != nil {
			t.Fatal(err)
		}
		same := planOf(t, "testdata/v1/good/"+source)
		if got, want := decoded(t, p), decoded(t, same); !reflect.DeepEqual(got, want) {
			t.Errorf("%s as %s is\n%v\nwant\n%v", source, output, got, want)
		}
		if strings.Contains(p.Diff(), planted) {
			t.Errorf("a secret is shown:\n%s", p.Diff())
		}
	}
}

func TestRowsAreBothFilesWhole(t *testing.T) {
	p := planOf(t, "testdata/v1/good/full.json")
	var before, after []string
	for _, r := range p.Rows() {
		if r.OldLine > 0 {
			before = append(before, r.Old)
		}
		if r.NewLine > 0 {
			after = append(after, r.New)
		}
		if r.OldLine != 0 && r.OldLine != len(before) || r.NewLine != 0 && r.NewLine != len(after) {
			t.Fatalf("row %+v is not in order", r)
		}
	}
	if strings.Join(before, "\n")+"\n" != whole(p.oldMasked) || strings.Join(after, "\n")+"\n" != whole(p.newMasked) {
		t.Error("the rows are not the two files")
	}
}

func FuzzPlan(f *testing.F) {
	for _, pattern := range []string{"testdata/v1/good/*", "testdata/v1/bad/*"} {
		for _, path := range glob(f, pattern) {
			data := bytes.ReplaceAll(read(f, path), []byte("hunter2"), []byte(planted))
			f.Add(data, filepath.Ext(path) == ".yaml")
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, isYAML bool) {
		name := "config.json"
		if isYAML {
			name = "config.yaml"
		}
		p, err := NewPlan(name, "", data)
		shown := fmt.Sprint(err)
		if err == nil {
			shown = indented(t, p.Report()) + fmt.Sprint(p.Rows())
		}
		if doc, bad := parseDocument(formatOf(name, data), data); bad == nil {
			for _, secret := range findSecrets(doc.root).texts {
				if strings.HasPrefix(secret, planted) && strings.Contains(shown, secret) {
					t.Errorf("a secret is shown:\n%s", shown)
				}
			}
		}
		if err != nil || !p.Due() {
			return
		}
		sameAccount(t, name, data, p)
		again, err := NewPlan(name, "", []byte(p.After.Reveal()))
		if err != nil || again.Due() || len(again.Keys) > 0 {
			t.Errorf("the result is not done: %v\n%s", err, p.After.Reveal())
		}
	})
}

// sameAccount fails unless the loader reads from the result the account and the
// passwords that stand in the source.
func sameAccount(t *testing.T, name string, data []byte, p *Plan) {
	t.Helper()
	doc, err := parseDocument(p.Format, data)
	if err != nil {
		t.Fatal(err)
	}
	cfg, _, err := config.Parse(name, []byte(p.After.Reveal()))
	if err != nil {
		t.Fatal(err)
	}
	room := cfg.Platforms[0]
	for key, got := range map[string][2]string{"user": {room.User, room.Password.Reveal()}, "channel": {room.Channel, room.ChannelPassword.Reveal()}} {
		v := member(doc.root, key)
		if v == nil || v.Kind != yaml.SequenceNode {
			continue
		}
		for i, item := range v.Content {
			want := item.Value
			if isNull(item) {
				want = ""
			}
			if got[i] != want {
				t.Errorf("%s[%d] reads %q, was %q", key, i, got[i], want)
			}
		}
	}
}

func TestDecisions(t *testing.T) {
	p := planOf(t, "testdata/v1/good/full.json")
	off := false
	nats := config.Default().NATS
	nats.URL, nats.User, nats.Password, nats.TLS.CA = "tls://me:"+planted+"-url@nats.example.org", "", "", "ca.pem"
	d, err := p.Decide(Decisions{NATS: &nats, Database: "/srv/bot.db", Shell: &off, Leave: []string{"a_key_nobody_knows"}})
	if err != nil {
		t.Fatal(err)
	}
	cfg, _, err := config.Parse("config.json", []byte(d.After.Reveal()))
	if err != nil {
		t.Fatal(err)
	}
	if cfg.NATS.URL != nats.URL || cfg.NATS.TLS.CA != "ca.pem" || cfg.Database.Path != "/srv/bot.db" || d.Database != "/srv/bot.db" || cfg.Shell.Enabled {
		t.Errorf("decided otherwise: %+v %+v %+v", cfg.NATS.TLS, cfg.Database, cfg.Shell)
	}
	if strings.Contains(d.After.Reveal(), "nobody_knows") || !strings.Contains(indented(t, d.Report()), "a_key_nobody_knows") {
		t.Error("the key that was left out is in the result, or not in the report")
	}
	if shown := indented(t, d.Report()); strings.Contains(shown, planted) {
		t.Errorf("a secret is shown:\n%s", shown)
	}
	nats.URL, nats.User, nats.Password = "nats://nats.example.org", "rosey", planted+"-pw"
	if d, err = p.Decide(Decisions{NATS: &nats}); err != nil || strings.Contains(indented(t, d.Report()), planted) || !strings.Contains(d.After.Reveal(), planted+"-pw") || !d.HoldsSecret {
		t.Errorf("a password was decided: %v", err)
	}
	same, err := p.Decide(Decisions{})
	if err != nil || same.After != p.After {
		t.Errorf("no decision changes the plan: %v", err)
	}
}

// What a person reads of a key that stays what it is, and which of the loader's
// warnings are the plan's, do not hang on how either is worded.
func TestPlanTellsWhatIsNotable(t *testing.T) {
	p, err := NewPlan("config.json", "", []byte(`{
		"domain": "https://cytu.be", "channel": "c", "log_level": null, "llm": {}, "restart_delay": 3, "retry": 1,
		"my_own": 1, "databse": 1, "tui": {"nothing": 1}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	var notable, warned []string
	for _, k := range p.Keys {
		if k.From != "" && k.Notable() {
			notable = append(notable, k.From)
		}
	}
	for _, w := range p.Warnings {
		warned = append(warned, w.Key)
	}
	if want := []string{"log_level", "llm", "retry", "my_own", "databse", "tui"}; !slices.Equal(notable, want) {
		t.Errorf("notable are %q, want %q", notable, want)
	}
	if want := []string{"databse", "tui.nothing"}; !slices.Equal(warned, want) {
		t.Errorf("warned of %q, want %q", warned, want)
	}
}

func TestFormatIsTheLoaders(t *testing.T) {
	for text, want := range map[string]Format{
		"\xef\xbb\xbf" + ` {"domain": "https://cytu.be", "channel": "c"}`: JSON,
		"domain: https://cytu.be\nchannel: c\n":                           YAML,
	} {
		p, err := NewPlan("config", "", []byte(text))
		if err != nil || p.Format != want || p.To != want {
			t.Errorf("%q: %+v (%v)", text, p, err)
		}
	}
}

// What closes the file closes the result, whatever key it stood under.
func TestClosingCommentStaysAtTheEnd(t *testing.T) {
	for _, end := range []string{"db: bot_data.db\n# the end\n", "db: bot_data.db\n\n# the end\n", "mine: x\n# the end\n", "tui:\n  theme: hal9000\n\n# the end\n", "tui:\n  theme: hal9000\n# the end\n"} {
		p, err := NewPlan("config.yaml", "", []byte("channel: c\n"+end))
		if err != nil {
			t.Fatal(err)
		}
		if result := strings.TrimSpace(p.After.Reveal()); !strings.HasSuffix(result, "\n# the end") {
			t.Errorf("of %q came\n%s", end, result)
		}
	}
}
