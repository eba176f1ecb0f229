package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"rosey/config"
)

// mayImport is the table of rooms in docs/architecture.md: what each package
// may import of ours. A folder that is not here may not exist.
var mayImport = map[string][]string{
	"rosey/cmd/rosey":             {"rosey/"},
	"rosey/tui":                   {"rosey/bus", "rosey/bus/room", "rosey/migrate", "rosey/config", "rosey/assets"},
	"rosey/bot":                   {"rosey/bot/cytube", "rosey/bus", "rosey/bus/room", "rosey/config"},
	"rosey/bot/cytube":            {"rosey/bus/room"},
	"rosey/bot/cytube/cytubetest": {"rosey/bot/cytube"},
	"rosey/dbsvc":                 {"rosey/dbsvc/store", "rosey/bus", "rosey/bus/room", "rosey/config"},
	"rosey/dbsvc/store":           {"rosey/assets"},
	"rosey/migrate":               {"rosey/bus", "rosey/bus/room", "rosey/config"},
	"rosey/config":                {"rosey/assets"},
	"rosey/bus":                   {"rosey/bus/room", "rosey/config"},
	"rosey/bus/room":              {},
	"rosey/assets":                {},
}

// onlyIn lists outside packages that stay behind one wall.
var onlyIn = map[string][]string{
	"charm.land/":                    {"rosey/tui", "rosey/cmd/rosey"},
	"github.com/gorilla/websocket":   {"rosey/bot/cytube", "rosey/bot/cytube/cytubetest"},
	"database/sql":                   {"rosey/dbsvc/store"},
	"modernc.org/sqlite":             {"rosey/dbsvc/store"},
	"github.com/nats-io/nats.go":     {"rosey/bus", "rosey/bot", "rosey/dbsvc"},
	"github.com/nats-io/nats-server": {"rosey/bus"},
}

type listed struct {
	ImportPath string
	Imports    []string
}

// listPackages asks the go command for all packages of the module.
func listPackages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = filepath.Join("..", "..")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// room is the entry of mayImport that a package belongs to: its own, or its
// nearest parent's, since a big pane may have a package of its own.
func roomOf(pkg string) (string, bool) {
	for p := pkg; strings.Contains(p, "/"); p = p[:strings.LastIndex(p, "/")] {
		if _, ok := mayImport[p]; ok {
			return p, true
		}
	}
	return "", false
}

func TestWallsBetweenPackages(t *testing.T) {
	for _, p := range listPackages(t) {
		home, ok := roomOf(p.ImportPath)
		if !ok {
			t.Errorf("%s is in no room of the table: add it to docs/architecture.md and here, or put it elsewhere", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			if strings.HasPrefix(imported, "rosey/") && !allowed(home, imported) {
				t.Errorf("%s imports %s, which the table of rooms does not allow", p.ImportPath, imported)
			}
			for lib, homes := range onlyIn {
				if strings.HasPrefix(imported, lib) && !slices.Contains(homes, home) {
					t.Errorf("%s imports %s, which belongs behind the wall of %q", p.ImportPath, imported, homes)
				}
			}
		}
	}
}

func allowed(home, imported string) bool {
	if home == "rosey/cmd/rosey" {
		return true
	}
	to, _ := roomOf(imported)
	return to == home || slices.Contains(mayImport[home], to)
}

// goFiles calls do for each non-test Go file, with its path from the root.
func goFiles(t *testing.T, do func(path string, source []byte)) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		do(filepath.ToSlash(rel), source)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSubjectsAreSpelledInBusOnly(t *testing.T) {
	goFiles(t, func(path string, source []byte) {
		if strings.HasPrefix(path, "bus/") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if ok && lit.Kind == token.STRING {
				for _, prefix := range []string{"rosey.db.", "rosey.events.", "rosey.cmd.", "rosey.room.", "rosey.rooms", "rosey.presence", "rosey.nats.", "$JS.", "$SRV.", "$SYS."} {
					if strings.HasPrefix(strings.Trim(lit.Value, "\"`"), prefix) {
						t.Errorf("%s spells the subject %s: name it in bus", path, lit.Value)
					}
				}
			}
			return true
		})
	})
}

// secretFields are the names of the config's fields that hold a secret.
func secretFields(of reflect.Type, names map[string]bool) map[string]bool {
	switch of.Kind() {
	case reflect.Slice, reflect.Pointer, reflect.Map:
		secretFields(of.Elem(), names)
	case reflect.Struct:
		for i := range of.NumField() {
			f := of.Field(i)
			switch {
			case f.Type == reflect.TypeFor[config.Secret]():
				names[f.Name] = true
			case f.IsExported():
				secretFields(f.Type, names)
			}
		}
	}
	return names
}

// Whoever looks for the places where a secret is told looks for Reveal.
func TestSecretsAreToldByRevealOnly(t *testing.T) {
	secret := secretFields(reflect.TypeFor[config.Config](), map[string]bool{})
	if !secret["Password"] || !secret["Token"] {
		t.Fatalf("the config's secrets are %v", secret)
	}
	goFiles(t, func(path string, source []byte) {
		file, err := parser.ParseFile(token.NewFileSet(), path, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 1 {
				return true
			}
			to, ok := call.Fun.(*ast.Ident)
			from, isField := call.Args[0].(*ast.SelectorExpr)
			if ok && to.Name == "string" && isField && secret[from.Sel.Name] {
				t.Errorf("%s converts the secret %s: call its Reveal", path, from.Sel.Name)
			}
			return true
		})
	})
}

func TestNothingExitsOutsideMain(t *testing.T) {
	goFiles(t, func(path string, source []byte) {
		if path == "cmd/rosey/main.go" {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch f := call.Fun.(type) {
			case *ast.Ident:
				if f.Name == "panic" && f.Obj == nil {
					t.Errorf("%s calls panic: return an error", path)
				}
			case *ast.SelectorExpr:
				if x, ok := f.X.(*ast.Ident); ok {
					name := x.Name + "." + f.Sel.Name
					if name == "os.Exit" || strings.HasPrefix(name, "log.Fatal") || strings.HasPrefix(name, "log.Panic") {
						t.Errorf("%s calls %s: return an error to main", path, name)
					}
				}
			}
			return true
		})
	})
}

func TestTopLevelFolders(t *testing.T) {
	entries, err := os.ReadDir(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	known := []string{"assets", "bot", "bus", "cmd", "config", "dbsvc", "docs", "migrate", "tui", ".ci", ".git", ".github"}
	for _, e := range entries {
		if e.IsDir() && !slices.Contains(known, e.Name()) {
			t.Errorf("the folder %s is not in the house plan", e.Name())
		}
	}
}
