package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// schema is the part of JSON Schema 2020-12 that a configuration needs.
type schema struct {
	Dialect     string             `json:"$schema,omitempty"`
	Title       string             `json:"title,omitempty"`
	Description string             `json:"description,omitempty"`
	Deprecated  bool               `json:"deprecated,omitempty"`
	Type        any                `json:"type,omitempty"`
	Default     any                `json:"default,omitempty"`
	Const       any                `json:"const,omitempty"`
	Enum        []any              `json:"enum,omitempty"`
	Pattern     string             `json:"pattern,omitempty"`
	MinLength   int                `json:"minLength,omitempty"`
	Minimum     json.Number        `json:"minimum,omitempty"`
	Maximum     json.Number        `json:"maximum,omitempty"`
	Below       json.Number        `json:"exclusiveMaximum,omitempty"`
	AnyOf       []*schema          `json:"anyOf,omitempty"`
	AllOf       []*schema          `json:"allOf,omitempty"`
	If          *schema            `json:"if,omitempty"`
	Else        *schema            `json:"else,omitempty"`
	Required    []string           `json:"required,omitempty"`
	Properties  map[string]*schema `json:"properties,omitempty"`
	Comments    map[string]bool    `json:"patternProperties,omitempty"`
	Additional  any                `json:"additionalProperties,omitempty"`
	MinKeys     int                `json:"minProperties,omitempty"`
	Items       any                `json:"items,omitempty"`
	MinItems    int                `json:"minItems,omitempty"`
	MaxItems    int                `json:"maxItems,omitempty"`
}

// Schema is a JSON Schema 2020-12 of version 2 files, made from the same tags
// that loading goes by. It is stricter in one thing: a key that rosey does not
// know is an error to it, so that editors mark misspelt keys; Load only warns.
func Schema() ([]byte, error) {
	root := sectionSchema(reflect.TypeFor[Config](), "")
	root.Dialect = "https://json-schema.org/draft/2020-12/schema"
	root.Title = "Configuration of rosey, version 2"
	root.Properties["version"] = &schema{
		Description: root.Properties["version"].Description,
		AnyOf: []*schema{
			{Type: "string", Pattern: `^v?2(\.[0-9]+)*$`},
			{Type: "number", Minimum: "2", Below: "3"},
		},
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil {
		return nil, fmt.Errorf("write schema: %w", err)
	}
	return out.Bytes(), nil
}

func sectionSchema(typ reflect.Type, path string) *schema {
	s := &schema{
		Type: "object", Properties: make(map[string]*schema), Additional: false,
		Comments: map[string]bool{"^_(comment|note)": true},
	}
	var needs []*schema
	for _, f := range fieldsOf(typ) {
		at := join(path, f.name)
		p := fieldSchema(f, at)
		s.Properties[f.name] = p
		if f.old != "" {
			old := *p
			old.Deprecated, old.Description = true, "The key is "+f.name+" in version 2.0."
			s.Properties[f.old] = &old
		}
		if f.required {
			need := &schema{Required: []string{f.name}}
			if f.old != "" {
				need = &schema{AnyOf: []*schema{need, {Required: []string{f.old}}}}
			}
			needs = append(needs, need)
		}
	}
	for key, why := range ignored {
		if section, name, _ := strings.Cut(key, "."); section == path {
			s.Properties[name] = &schema{Deprecated: true, Description: why}
		}
	}
	if typ == platformType {
		s.If = &schema{Properties: map[string]*schema{"enabled": {Const: false}}, Required: []string{"enabled"}}
		s.Else = &schema{AllOf: needs, Properties: map[string]*schema{"type": {Enum: []any{"cytube", nil}}}}
	} else {
		s.AllOf = needs
	}
	return s
}

func fieldSchema(f field, path string) *schema {
	s := typeSchema(f, path)
	s.Description = f.doc
	if f.typ == shellType {
		s = &schema{Description: f.doc, AnyOf: []*schema{s, {Type: []string{"string", "boolean", "null"}}}}
	}
	if f.pair != "" {
		text := []string{"string", "null"}
		list := &schema{Type: "array", Items: &schema{Type: text}, MaxItems: 2}
		if f.required {
			list.MinItems = 1
		}
		s = &schema{Description: f.doc, AnyOf: []*schema{s, list}}
	}
	if f.def != "" {
		s.Default = defaultOf(f)
	}
	return s
}

// typeSchema is the shape of one value. A key that need not be there may be
// null, which is as if it were not.
func typeSchema(f field, path string) *schema {
	switch f.typ.Kind() {
	case reflect.Struct:
		s := sectionSchema(f.typ, path)
		if f.required {
			s.MinKeys = 1
		}
		s.Type = f.types("object")
		return s
	case reflect.Slice:
		s := &schema{Type: f.types("array"), Items: typeSchema(field{typ: f.typ.Elem(), required: true}, path+"[]")}
		if f.required {
			s.MinItems = 1
		}
		return s
	case reflect.Map:
		one := typeSchema(field{typ: f.typ.Elem(), min: f.min, max: f.max}, path)
		return &schema{Type: f.types("object"), Additional: one, Comments: map[string]bool{"^_(comment|note)": true}}
	case reflect.Bool:
		return &schema{Type: f.types("boolean")}
	case reflect.Int, reflect.Int64:
		return &schema{Type: f.types("integer"), Minimum: json.Number(f.min), Maximum: json.Number(f.max)}
	case reflect.Float64:
		return &schema{Type: f.types("number"), Minimum: json.Number(f.min), Maximum: json.Number(f.max)}
	}
	return f.textSchema()
}

func (f field) types(name string) any {
	if f.required {
		return name
	}
	return []string{name, "null"}
}

// textSchema lets ${NAME} through where the text has to be one of a few.
func (f field) textSchema() *schema {
	s := &schema{Type: f.types("string")}
	var allowed []any
	for _, text := range f.enum {
		allowed = append(allowed, text)
		if f.anyCase {
			allowed = append(allowed, strings.ToUpper(text))
		}
	}
	fromEnv := &schema{Type: "string", Pattern: `\$\{`}
	switch {
	case f.typ == embeddedType:
		return &schema{AnyOf: []*schema{{Enum: append(allowed, true, false, nil)}, fromEnv}}
	case len(allowed) > 0:
		return &schema{AnyOf: []*schema{{Enum: append(allowed, nil)}, fromEnv}}
	case f.is == isChannel:
		return &schema{AnyOf: []*schema{{Type: "string", Pattern: channelName.String()}, fromEnv}}
	case f.is == isUser:
		s.Pattern = `^$|` + userName.String() + `|\$\{`
	case f.required:
		s.MinLength = 1
	}
	return s
}

// defaultOf is the default as a JSON value.
func defaultOf(f field) any {
	switch f.typ.Kind() {
	case reflect.Bool:
		return f.def == "true"
	case reflect.Slice:
		return strings.Split(f.def, ",")
	case reflect.String:
		return f.def
	}
	if _, err := strconv.ParseFloat(f.def, 64); err != nil {
		return nil
	}
	return json.Number(f.def)
}
