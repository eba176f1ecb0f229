package config

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// renderer writes a configuration as YAML, key by key in the schema's order.
// Secrets come out masked, and so does what lets somebody in inside a URL.
type renderer struct {
	strings.Builder
	annotate bool              // write each key's doc above it, and empty ones as comments
	notes    map[string]string // comments above single keys, by path
}

// docWidth is where comments wrap.
const docWidth = 78

func (r *renderer) section(section reflect.Value, path, indent string) {
	for _, f := range fieldsOf(section.Type()) {
		if r.annotate && f.example == "-" {
			continue
		}
		v, at := section.Field(f.index), join(path, f.name)
		if r.annotate {
			if path == "" {
				r.WriteByte('\n')
			}
			r.comment(f.doc, indent)
		}
		r.comment(r.notes[at], indent)
		if v.IsZero() && r.shownAsExample(f, at, indent) {
			continue
		}
		mark := indent
		if r.annotate && f.def == "" && v.IsZero() && !hasDefaults(f.typ) && !strings.Contains(indent, "#") {
			mark += "# " // there to be seen; as a key it would say nothing
		}
		r.WriteString(mark + f.name + ":")
		r.value(v, f, at, mark)
	}
}

// hasDefaults says that a zero value of the type is a value all the same.
func hasDefaults(typ reflect.Type) bool {
	switch typ.Kind() {
	case reflect.Struct:
		return slices.ContainsFunc(fieldsOf(typ), func(f field) bool { return f.def != "" || hasDefaults(f.typ) })
	case reflect.String:
		return false
	}
	return true
}

func (r *renderer) value(v reflect.Value, f field, path, indent string) {
	switch {
	case v.Kind() == reflect.Struct:
		r.WriteByte('\n')
		r.section(v, path, indent+"  ")
	case v.Kind() == reflect.Map && v.Len() > 0:
		r.WriteByte('\n')
		for _, name := range slices.SortedFunc(maps.Keys(byName(v)), strings.Compare) {
			r.WriteString(indent + "  " + yamlText(name) + ": " + scalar(byName(v)[name], field{typ: f.typ.Elem()}) + "\n")
		}
	case v.Kind() == reflect.Map:
		r.WriteString(" {}\n")
	case v.Kind() == reflect.Slice && v.Len() > 0 && v.Type().Elem().Kind() == reflect.Struct:
		r.WriteByte('\n')
		for i := range v.Len() {
			r.item(v.Index(i), path+"["+strconv.Itoa(i)+"]", indent+"  ")
		}
	case v.Kind() == reflect.Slice:
		texts := make([]string, v.Len())
		for i := range texts {
			texts[i] = strconv.Quote(v.Index(i).String())
		}
		r.WriteString(" [" + strings.Join(texts, ", ") + "]\n")
	default:
		r.WriteString(" " + scalar(v, f) + "\n")
	}
}

// byName is a map with texts for keys.
func byName(v reflect.Value) map[string]reflect.Value {
	out := make(map[string]reflect.Value, v.Len())
	for _, k := range v.MapKeys() {
		out[k.String()] = v.MapIndex(k)
	}
	return out
}

// shownAsExample writes a list of sections, or a map, that is empty by default
// as comments with one entry, so that the example shows what goes there.
func (r *renderer) shownAsExample(f field, path, indent string) bool {
	if !r.annotate {
		return false
	}
	isMap := f.typ.Kind() == reflect.Map
	if isMap && f.example == "" || !isMap && (f.typ.Kind() != reflect.Slice || f.typ.Elem().Kind() != reflect.Struct) {
		return false
	}
	r.WriteString(indent + "# " + f.name + ":\n")
	if isMap {
		r.WriteString(indent + "#   " + f.example + "\n")
		return true
	}
	one := reflect.New(f.typ.Elem()).Elem()
	setDefaults(one)
	setExamples(one)
	r.item(one, path+"[0]", indent+"#   ")
	return true
}

// item writes one section of a list, its dash on the line of its first key
// unless that has a comment above it.
func (r *renderer) item(section reflect.Value, path, indent string) {
	if r.annotate {
		r.WriteString(indent + "-\n")
		r.section(section, path, indent+"  ")
		return
	}
	inner := renderer{notes: r.notes}
	inner.section(section, path, indent+"  ")
	r.WriteString(indent + "- " + strings.TrimPrefix(inner.String(), indent+"  "))
}

func scalar(v reflect.Value, f field) string {
	switch v.Kind() {
	case reflect.String:
		switch {
		case f.secret():
			return yamlText(Secret(v.String()).String())
		case f.is == isURL:
			return yamlText(RedactURL(v.String()))
		case f.typ == embeddedType:
			return v.String() // true and false read best as such
		}
		return yamlText(v.String())
	case reflect.Float64:
		return number(v.Float())
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	}
	return strconv.FormatInt(v.Int(), 10)
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// yamlText writes a text as YAML would read it back, on one line.
func yamlText(text string) string {
	if strings.ContainsAny(text, "\r\n") {
		return strconv.Quote(text)
	}
	out, err := yaml.Marshal(text)
	if err != nil {
		return strconv.Quote(text)
	}
	return strings.TrimSuffix(string(out), "\n")
}

// comment writes text above what follows, wrapped.
func (r *renderer) comment(text, indent string) {
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(indent)+len("# ")+len(line)+1+len(word) > docWidth {
			r.WriteString(indent + "# " + line + "\n")
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		r.WriteString(indent + "# " + line + "\n")
	}
}
