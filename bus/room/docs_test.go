package room

import (
	"flag"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/events.md anew")

// TestEventsDoc keeps docs/events.md in step with the events and their
// comments; -update writes it.
func TestEventsDoc(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "events.md")
	want := eventsDoc(t)
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is behind the code; go test ./bus/room -run EventsDoc -update writes it anew", path)
	}
}

const eventsHead = `# Events

What happens in a room is published once, on ` + "`rosey.events.<room>.<event>`" + `, in an
envelope whose ` + "`data`" + ` is described here. Names and fields are stable: a field may
be added, none changes its meaning. A field marked ? is left out when it is
empty, zero or false. All texts are plain: no HTML, no escape sequences, nothing
invisible. Times are Unix milliseconds unless a field says seconds.

This file is written from the code: ` + "`go test ./bus/room -run EventsDoc -update`" + `.

`

// eventsDoc is the document: every event, then every type that they share.
func eventsDoc(t *testing.T) string {
	t.Helper()
	comments := typeComments(t)
	var b strings.Builder
	b.WriteString(eventsHead + "## By name\n\n| event | what it says |\n|---|---|\n")
	for _, name := range EventNames() {
		typ := reflect.TypeOf(names[name]()).Elem()
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s |\n", name, name, firstSentence(comments[typ.Name()]))
	}
	var shared []reflect.Type
	for _, name := range EventNames() {
		typ := reflect.TypeOf(names[name]()).Elem()
		writeType(&b, name, typ, comments, &shared)
	}
	b.WriteString("\n# Shared types\n")
	for i := 0; i < len(shared); i++ {
		writeType(&b, shared[i].Name(), shared[i], comments, &shared)
	}
	return b.String()
}

func writeType(b *strings.Builder, title string, typ reflect.Type, comments map[string]string, shared *[]reflect.Type) {
	fmt.Fprintf(b, "\n## %s\n\n%s\n", title, strings.Join(strings.Fields(comments[typ.Name()]), " "))
	if typ.Kind() != reflect.Struct {
		fmt.Fprintf(b, "\nOne of %s.\n", comments[typ.Name()+" values"])
		return
	}
	rows := ""
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, opts, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		mark := ""
		if opts != "" {
			mark = "?"
		}
		rows += fmt.Sprintf("| `%s`%s | %s | %s |\n", name, mark, jsonType(f.Type, shared), comments[typ.Name()+"."+f.Name])
	}
	if rows != "" {
		b.WriteString("\n| field | type | |\n|---|---|---|\n" + rows)
	}
}

// jsonType names a type as readers of JSON do, and remembers shared structs.
func jsonType(t reflect.Type, shared *[]reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		if t.PkgPath() == "" {
			return "string"
		}
		return fmt.Sprintf("[%s](#%s)", t.Name(), strings.ToLower(remember(t, shared)))
	case reflect.Bool:
		return "bool"
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return "integer"
	case reflect.Float64:
		return "number"
	case reflect.Slice:
		return "array of " + jsonType(t.Elem(), shared)
	case reflect.Map:
		return "object of " + jsonType(t.Elem(), shared)
	case reflect.Struct:
		return fmt.Sprintf("[%s](#%s)", t.Name(), strings.ToLower(remember(t, shared)))
	}
	return t.String()
}

func remember(t reflect.Type, shared *[]reflect.Type) string {
	if !slices.Contains(*shared, t) {
		*shared = append(*shared, t)
	}
	return t.Name()
}

// typeComments reads the package's source: the comment of each type under its
// name, of each field under Type.Field.
func typeComments(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	comments := map[string]string{}
	for _, path := range paths {
		file, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			if gen.Tok == token.CONST {
				constValues(comments, gen)
			}
			if gen.Tok != token.TYPE {
				continue
			}
			for _, spec := range gen.Specs {
				typ := spec.(*ast.TypeSpec)
				comments[typ.Name.Name] = gen.Doc.Text()
				if st, ok := typ.Type.(*ast.StructType); ok {
					fieldComments(comments, typ.Name.Name, st)
				}
			}
		}
	}
	return comments
}

func fieldComments(comments map[string]string, typ string, st *ast.StructType) {
	for _, f := range st.Fields.List {
		text := strings.TrimSpace(f.Comment.Text())
		for _, name := range f.Names {
			comments[typ+"."+name.Name] = strings.ReplaceAll(text, "|", "\\|")
		}
	}
}

// constValues lists the values of typed constants under "Type values".
func constValues(comments map[string]string, gen *ast.GenDecl) {
	for _, spec := range gen.Specs {
		value := spec.(*ast.ValueSpec)
		typ, typed := value.Type.(*ast.Ident)
		if !typed || len(value.Values) == 0 {
			continue
		}
		lit, ok := value.Values[0].(*ast.BasicLit)
		if !ok {
			continue
		}
		list := comments[typ.Name+" values"]
		if list != "" {
			list += ", "
		}
		comments[typ.Name+" values"] = list + "`" + lit.Value + "`"
	}
}

func firstSentence(text string) string {
	return strings.Join(strings.Fields(new(doc.Package).Synopsis(text)), " ")
}
