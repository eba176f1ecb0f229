package room

import (
	"maps"
	"reflect"
	"slices"
	"sync"
)

// CleanAll cleans every text in what v, a pointer, points to: through structs,
// slices, pointers, interfaces and maps, map keys included. A field with the tag
// clean:"lines" keeps its line ends, and so does all below it; one that JSON
// leaves out is left alone.
//
// Whatever comes over the bus may come from anyone, so it passes here as soon
// as it is decoded. Texts that are clean are not written to.
func CleanAll(v any) {
	if p := reflect.ValueOf(v); p.Kind() == reflect.Pointer && !p.IsNil() {
		cleanValue(p.Elem(), false)
	}
}

func cleanValue(v reflect.Value, lines bool) {
	switch v.Kind() {
	case reflect.String:
		if s := v.String(); s != "" {
			if c := clean(s, lines); c != s {
				v.SetString(c)
			}
		}
	case reflect.Struct:
		for _, f := range textFields(v.Type()) {
			cleanValue(v.Field(f.index), lines || f.lines)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return // bytes, such as JSON that is not decoded yet
		}
		for i := range v.Len() {
			cleanValue(v.Index(i), lines)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			cleanValue(v.Elem(), lines)
		}
	case reflect.Interface:
		if !v.IsNil() {
			v.Set(cleaned(v.Elem(), lines))
		}
	case reflect.Map:
		cleanMap(v, lines)
	}
}

// cleaned is a clean copy of a value that cannot be changed in place.
func cleaned(v reflect.Value, lines bool) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	cleanValue(c, lines)
	return c
}

// cleanMap cleans keys and values. Of keys that become the same, the last in
// their raw order stays.
func cleanMap(v reflect.Value, lines bool) {
	t := v.Type()
	if t.Key().Kind() != reflect.String {
		return
	}
	entries := make(map[string]reflect.Value, v.Len())
	dirty := leadsToText(t.Elem(), nil)
	for it := v.MapRange(); it.Next(); {
		key := it.Key().String()
		entries[key] = it.Value()
		dirty = dirty || clean(key, lines) != key
	}
	if !dirty {
		return
	}
	v.Clear()
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		name := reflect.New(t.Key()).Elem()
		name.SetString(clean(key, lines))
		v.SetMapIndex(name, cleaned(entries[key], lines))
	}
}

// textField is a field of a struct that can lead to a text.
type textField struct {
	index int
	lines bool
}

// textFieldsOf remembers the fields by type: reflect.Type.Field allocates.
var textFieldsOf sync.Map // of reflect.Type to []textField

func textFields(t reflect.Type) []textField {
	if known, ok := textFieldsOf.Load(t); ok {
		return known.([]textField)
	}
	var fields []textField
	for i := range t.NumField() {
		f := t.Field(i)
		if f.IsExported() && f.Tag.Get("json") != "-" && leadsToText(f.Type, nil) {
			fields = append(fields, textField{index: i, lines: f.Tag.Get("clean") == "lines"})
		}
	}
	textFieldsOf.Store(t, fields)
	return fields
}

// leadsToText says whether a value of a type can hold a text; above are the
// types that it lies in.
func leadsToText(t reflect.Type, above []reflect.Type) bool {
	if slices.Contains(above, t) {
		return false
	}
	above = append(above, t)
	switch t.Kind() {
	case reflect.String, reflect.Map, reflect.Interface:
		return true
	case reflect.Slice, reflect.Pointer:
		return leadsToText(t.Elem(), above)
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && leadsToText(f.Type, above) {
				return true
			}
		}
	}
	return false
}
