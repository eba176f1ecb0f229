package config

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// decoder fills a Config from the parsed file and collects every problem.
type decoder struct {
	src      *source
	lookup   func(name string) (string, bool) // the environment
	problems []Problem
	warnings Warnings
	at       map[string]position // where the value of each key that is given stands
	fromEnv  map[string]bool     // keys whose text has the environment in it
	holds    string              // path of the first password that the file itself holds
}

// maxProblems bounds the problems, and the warnings, that one file gives. Who
// has as many has one cause, and wants to read that.
const maxProblems = 200

func (d *decoder) errorf(at position, key, do, format string, args ...any) {
	d.refuse(d.src.problem(at, key, fmt.Sprintf(format, args...), do))
}

func (d *decoder) refuse(p Problem) {
	if len(d.problems) <= maxProblems {
		d.problems = append(d.problems, p)
	}
}

func (d *decoder) warnf(at position, key, do, format string, args ...any) {
	if len(d.warnings) >= maxProblems {
		return
	}
	d.warnings = append(d.warnings, d.src.problem(at, key, fmt.Sprintf(format, args...), do))
}

// wrong reports a value of another kind than its key takes.
func (d *decoder) wrong(v *value, f field, path, expected, do string) {
	d.errorf(v.at, path, do, "expected %s, found %s", expected, v.found(!f.secret()))
}

// ignored are keys of other v2 spellings that have no place in rosey.
var ignored = map[string]string{
	"logging.file": "v0.5.0 never wrote this file; rosey logs to standard error: redirect that",
}

// IsComment says that a key is for people; v0.5.0's example is full of them.
func IsComment(key string) bool {
	return strings.HasPrefix(key, "_comment") || strings.HasPrefix(key, "_note")
}

// root fills the whole configuration. The version has been read by then, and
// whatever its spelling was, it is 2.0 now.
func (d *decoder) root(v *value, cfg *Config) {
	rest := *v
	rest.members = slices.DeleteFunc(slices.Clone(v.members), func(m member) bool { return m.key == "version" })
	d.section(&rest, reflect.ValueOf(cfg).Elem(), "")
}

// section fills a struct from an object.
func (d *decoder) section(v *value, into reflect.Value, path string) {
	fields := fieldsOf(into.Type())
	for _, m := range v.members {
		at := join(path, m.key)
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == m.key || f.old != "" && f.old == m.key })
		switch {
		case i >= 0 && fields[i].name == m.key:
			d.value(m.value, fields[i], v, into, at)
		case i >= 0:
			d.oldName(m, fields[i], v, into, path)
		case IsComment(m.key):
		case ignored[at] != "":
			d.warnf(m.at, at, "remove it", "%s", ignored[at])
		case len(d.warnings) < maxProblems: // the advice is dear
			d.unknown(m, into.Type(), at)
		}
	}
	if into.Type() == platformType && !into.Addr().Interface().(*Platform).Enabled {
		return // what is not used may be incomplete
	}
	for _, f := range fields {
		if f.required && d.given(v, f).absent() {
			d.errorf(v.at, join(path, f.name), f.missing, "expected %s, found none", f.expected())
		}
	}
}

// unknown warns of a key that the section does not know.
func (d *decoder) unknown(m member, section reflect.Type, path string) {
	do, code := advice(m.key, section)
	p := d.src.problem(m.at, path, "rosey knows no such key and ignores it", do)
	p.Code = code
	d.warnings = append(d.warnings, p)
}

// given is the value of f in the object, under its name or its old one.
func (d *decoder) given(object *value, f field) *value {
	if v := object.get(f.name); v != nil || f.old == "" {
		return v
	}
	return object.get(f.old)
}

// oldName reads a key under the name that another v2 spelling gives it.
func (d *decoder) oldName(m member, f field, object *value, into reflect.Value, path string) {
	if object.get(f.name) != nil {
		d.warnf(m.at, join(path, m.key), "remove it", "%s stands here too and goes first", f.name)
		return
	}
	d.warnf(m.at, join(path, m.key), "rename it", "the key is %s in version 2.0; read as that", f.name)
	d.value(m.value, f, object, into, join(path, f.name))
}

// value reads one value into the field f of the section.
func (d *decoder) value(v *value, f field, object *value, section reflect.Value, path string) {
	d.at[path] = v.at
	into := section.Field(f.index)
	switch {
	case f.typ == shellType && v.kind != kindObject:
		d.shell(v, f, into.Addr().Interface().(*Shell), path)
	case v.kind == kindNull:
		// The default stands; a required key counts as missing.
	case f.pair != "" && v.kind == kindList:
		d.pair(v, f, object, section, path)
	case f.typ == embeddedType && v.kind == kindBool:
		into.SetString(v.text)
	default:
		d.typed(v, f, into, path)
	}
}

// typed reads by the field's Go type.
func (d *decoder) typed(v *value, f field, into reflect.Value, path string) {
	switch into.Kind() {
	case reflect.Struct:
		if v.kind != kindObject {
			d.errorf(v.at, path, "write it as an object with keys", "expected an object, found %s", v.found(false))
		} else if d.section(v, into, path); f.required && len(v.members) == 0 {
			d.errorf(v.at, path, f.missing, "expected %s, found an empty one", f.expected())
		}
	case reflect.Slice:
		d.list(v, f, into, path)
	case reflect.Map:
		d.named(v, f, into, path)
	case reflect.String:
		if text, ok := d.text(v, f, path); ok {
			into.SetString(text)
		}
	case reflect.Bool:
		d.bool(v, f, into, path)
	default:
		d.number(v, f, into, path)
	}
}

// text reads a text, puts the environment in, and holds it against its enum.
func (d *decoder) text(v *value, f field, path string) (string, bool) {
	if v.kind != kindText {
		do := "write a text"
		if v.kind == kindNumber || v.kind == kindBool {
			do = `put it in quotes`
		}
		d.wrong(v, f, path, "a text", do)
		return "", false
	}
	if f.is == isCommand {
		return v.text, true // sh has its own idea of ${NAME}
	}
	text, ok := d.expand(v, path)
	if !ok {
		return "", false
	}
	if f.secret() && text == Mask {
		d.errorf(v.at, path, "write the password, or where it comes from", "expected a secret, found the dots that rosey shows in its place")
		return "", false
	}
	if d.holds == "" && !d.fromEnv[path] && text != "" && (f.secret() || f.is == isURL && RedactURL(text) != text) {
		d.holds = path
	}
	if len(f.enum) == 0 {
		return text, true
	}
	for _, allowed := range f.enum {
		if text == allowed || f.anyCase && strings.EqualFold(text, allowed) {
			return allowed, true
		}
	}
	d.wrong(v, f, path, "one of "+strings.Join(f.enum, ", "), "choose one of them")
	return "", false
}

func (d *decoder) bool(v *value, f field, into reflect.Value, path string) {
	switch {
	case v.kind == kindBool:
		into.SetBool(v.text == "true")
		return
	case v.plain && (strings.EqualFold(v.text, "yes") || strings.EqualFold(v.text, "on")):
		// YAML 1.1, which Python's loader speaks, has these words for it.
		into.SetBool(true)
		return
	case v.plain && (strings.EqualFold(v.text, "no") || strings.EqualFold(v.text, "off")):
		into.SetBool(false)
		return
	}
	d.wrong(v, f, path, "true or false", "write true or false, without quotes")
}

func (d *decoder) number(v *value, f field, into reflect.Value, path string) {
	whole := into.CanInt()
	expected := "a number"
	if whole {
		expected = "a whole number"
	}
	if v.kind != kindNumber || math.IsNaN(v.number) || math.IsInf(v.number, 0) ||
		whole && (v.number != math.Trunc(v.number) || math.Abs(v.number) > 1<<53) {
		d.wrong(v, f, path, expected+f.bounds(), "write the number, without quotes")
		return
	}
	if !f.within(v.number) {
		d.wrong(v, f, path, expected+f.bounds(), "choose one in that range")
		return
	}
	if whole {
		into.SetInt(int64(v.number))
	} else {
		into.SetFloat(v.number)
	}
}

// list reads a list of texts or of sections. A section's defaults come first.
func (d *decoder) list(v *value, f field, into reflect.Value, path string) {
	if v.kind != kindList {
		d.errorf(v.at, path, "put it in [ ]", "expected a list, found %s", v.found(false))
		return
	}
	if f.required && len(v.items) == 0 {
		d.errorf(v.at, path, f.missing, "expected %s, found an empty list", f.expected())
	}
	items := reflect.MakeSlice(f.typ, len(v.items), len(v.items))
	for i, item := range v.items {
		at := path + "[" + strconv.Itoa(i) + "]"
		element := items.Index(i)
		if element.Kind() == reflect.Struct {
			setDefaults(element)
		}
		d.at[at] = item.at
		d.typed(item, field{typ: f.typ.Elem()}, element, at)
	}
	into.Set(items)
}

// named reads an object of numbers, or of texts, under names of the user's own.
func (d *decoder) named(v *value, f field, into reflect.Value, path string) {
	elem := field{typ: f.typ.Elem(), min: f.min, max: f.max}
	if v.kind != kindObject {
		what := "numbers"
		if elem.typ.Kind() == reflect.String {
			what = "texts"
		}
		d.errorf(v.at, path, "write it as an object", "expected an object of %s, found %s", what, v.found(false))
		return
	}
	into.Set(reflect.MakeMap(f.typ))
	for _, m := range v.members {
		if IsComment(m.key) {
			continue
		}
		at := join(path, m.key)
		d.at[at] = m.value.at
		one := reflect.New(elem.typ).Elem()
		d.typed(m.value, elem, one, at)
		into.SetMapIndex(reflect.ValueOf(m.key), one)
	}
}

// pair reads [this, that], as v0.5.0 has it for channel and user with their
// passwords; [this] and [] do too.
func (d *decoder) pair(v *value, f field, object *value, section reflect.Value, path string) {
	fields := fieldsOf(section.Type())
	second := fields[slices.IndexFunc(fields, func(s field) bool { return s.name == f.pair })]
	secondPath := strings.TrimSuffix(path, f.name) + second.name
	switch {
	case len(v.items) > 2:
		d.errorf(v.at, path, "write [name, password]", "expected a text or a list of two, found %s", v.found(false))
		return
	case len(v.items) == 0:
		if f.required {
			d.errorf(v.at, path, f.missing, "expected %s, found an empty list", f.expected())
		}
		return
	}
	if text, ok := d.pairText(v.items[0], f, path); ok {
		section.Field(f.index).SetString(text)
	}
	if len(v.items) < 2 || v.items[1].absent() {
		return
	}
	if !object.get(second.name).absent() {
		d.errorf(v.items[1].at, path, "keep one of them", "%s stands here and as the second of this list", second.name)
	}
	d.at[secondPath] = v.items[1].at
	if text, ok := d.pairText(v.items[1], second, secondPath); ok {
		section.Field(second.index).SetString(text)
	}
}

// pairText is text for one item of a pair, null standing for none. What it
// finds is never repeated: the two may have been swapped.
func (d *decoder) pairText(v *value, f field, path string) (string, bool) {
	if v.absent() {
		return "", true
	}
	f.typ = secretType
	isName := f.pair != ""
	held := d.holds
	text, ok := d.text(v, f, path)
	if isName {
		d.holds = held
	}
	return text, ok
}

// shell reads v0.5.0's other forms: "host:port", true, false, null for none.
// Host and port mean nothing any more, so a bad port is a warning.
func (d *decoder) shell(v *value, f field, into *Shell, path string) {
	switch v.kind {
	case kindNull:
		into.Enabled = false
	case kindBool:
		into.Enabled = v.text == "true"
	case kindText:
		into.Enabled = v.text != ""
		host, port, _ := strings.Cut(v.text, ":")
		if host != "" {
			into.Host = host
		}
		if port == "" {
			return
		}
		if n, err := strconv.ParseUint(port, 10, 16); err == nil {
			into.Port = int(n)
		} else {
			d.warnf(v.at, path, "write shell: {enabled: true}", "the port is no number; rosey needs none")
		}
	default:
		d.errorf(v.at, path, "write shell: {enabled: true}", "expected an object, found %s", v.found(false))
	}
}
