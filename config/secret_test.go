package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestSecretNeverPrints(t *testing.T) {
	type holder struct {
		Name     string
		Password Secret
		Map      map[string]Secret
		Pointer  *Secret
	}
	secret := Secret(planted)
	h := holder{"me", secret, map[string]Secret{"key": secret}, &secret}

	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%10s", "% x"} {
		fmt.Fprintf(&out, verb+" "+verb+" "+verb+"\n", secret, h, []Secret{secret})
	}
	fmt.Fprintln(&out, secret, h, &secret, fmt.Errorf("wrap: %v", secret))
	for _, marshal := range []func(any) ([]byte, error){json.Marshal, yaml.Marshal} {
		text, err := marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(text)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "secret", secret, "holder", h)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "secret", secret, "holder", h)

	for _, leak := range []string{planted, fmt.Sprintf("%x", planted), fmt.Sprintf("%X", planted)} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("%q is in the output:\n%s", leak, out.String())
		}
	}
	if !strings.Contains(out.String(), Mask) {
		t.Error("nothing was masked")
	}
	if secret.Reveal() != planted || Secret("").String() != "" {
		t.Error("Reveal does not reveal, or nothing prints as something")
	}
}

func TestRedactURL(t *testing.T) {
	tests := map[string]string{
		"":                      "",
		"nats://localhost:4222": "nats://localhost:4222",
		"localhost:4222":        "localhost:4222",
		"nats://u:pw@h:4222":    "nats://u:••••@h:4222",
		"nats://token@h":        "nats://••••@h",
		"u:pw@h":                "u:••••@h",
		"nats://u:p@w@h":        "nats://u:••••@h",
		"nats://u:p/w@h":        "nats://u:••••@h",
		"nats://u:p,w@h":        "nats://u:••••@h",
		"nats://u:p w@h":        "nats://u:••••@h",
		"nats://a:b@h1,nats://c:d@h2, tls://e@h3": "nats://a:••••@h1,nats://c:••••@h2, tls://••••@h3",
		"nats://h1,u:pw@h2":                       "nats://h1,u:••••@h2",
		"https://h/v1?api_key=abc&x=1":            "https://h/v1?api_key=••••&x=1",
		"https://h/?x=1&Token=abc#f":              "https://h/?x=1&Token=••••#f",
	}
	for url, want := range tests {
		if got := RedactURL(url); got != want {
			t.Errorf("RedactURL(%q) is %q, want %q", url, got, want)
		}
	}
}

func FuzzRedactURL(f *testing.F) {
	f.Add("user", "pw", "host:4222")
	f.Add("a,b", "c,nats//d", "h,nats://x@y")
	f.Add("", "@", "")
	f.Fuzz(func(t *testing.T, user, password, host string) {
		const secret = "hunter2hunter2"
		if strings.Contains(user+password+host+Mask, secret) || strings.ContainsAny(user, ":@") || strings.Contains(password, "://") {
			t.Skip()
		}
		got := RedactURL("nats://" + user + ":" + password + secret + "@" + host)
		if strings.Contains(got, secret) {
			t.Errorf("the password is in %q", got)
		}
	})
}

// A secret that stands under its key, in whatever shape, is in no message and
// nothing that is shown.
func TestSecretsOfEveryKeyStayHidden(t *testing.T) {
	var paths []string
	var walk func(typ reflect.Type, path string)
	walk = func(typ reflect.Type, path string) {
		for _, f := range fieldsOf(typ) {
			at := join(path, f.name)
			switch {
			case f.secret():
				paths = append(paths, at)
			case f.typ.Kind() == reflect.Struct:
				walk(f.typ, at)
			case f.typ == reflect.SliceOf(platformType):
				walk(platformType, at)
			}
		}
	}
	walk(reflect.TypeFor[Config](), "")
	if len(paths) < 8 {
		t.Fatalf("only these are secret: %v", paths)
	}
	for _, path := range paths {
		for _, shape := range []any{
			planted, []any{planted}, map[string]any{"x": planted}, planted + "${ROSEY_TEST_UNSET}", []any{planted, planted},
		} {
			nats, platform := map[string]any{"url": "nats://x"}, map[string]any{"domain": "d", "channel": "c", "user": "u"}
			root := map[string]any{"version": "2.0", "nats": nats, "platforms": []any{platform}}
			parent, keys := root, strings.Split(path, ".")
			for _, key := range keys[:len(keys)-1] {
				if key == "platforms" {
					parent = platform
					continue
				}
				if parent[key] == nil {
					parent[key] = map[string]any{}
				}
				parent = parent[key].(map[string]any)
			}
			parent[keys[len(keys)-1]] = shape
			text, err := json.Marshal(root)
			if err != nil {
				t.Fatal(err)
			}
			cfg, warnings, err := Parse("config.json", text)
			out := report(warnings, err) + fmt.Sprintf("%v %+v %#v", cfg, err, warnings)
			if cfg != nil {
				shown, _ := Show(cfg, false)
				asJSON, _ := Show(cfg, true)
				out += fmt.Sprintf("%+v %#v", *cfg, *cfg) + string(shown) + string(asJSON)
			}
			if strings.Contains(out, planted) {
				t.Errorf("%s as %T comes out:\n%s", path, shape, out)
			}
		}
	}
}
