package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// field is what the tags of one struct field say about one key:
//
//	json      the key
//	doc       a sentence for people
//	default   the value when the key is not there; lists have commas
//	required  "true": the key must be there
//	do        what to do when it is not
//	enum      the texts allowed; with case:"any" in any letter case
//	min, max  bounds of a number
//	is        a form that the text must have, or what it names: see the is…
//	          constants
//	old       another spelling that is read with a warning
//	pair      the value may be [this, that], that being a sibling's key
//	example   the value in the annotated example; "-" leaves the key out of it
type field struct {
	index   int
	typ     reflect.Type
	name    string
	doc     string
	def     string
	enum    []string
	anyCase bool
	min     string
	max     string
	is      string
	old     string
	pair    string
	example string
	missing string

	required bool
}

// What the is tag may say.
const (
	isURL      = "url"      // one URL or several; printed through RedactURL
	isPath     = "path"     // a file that is there, relative to the configuration's folder
	isFolder   = "folder"   // a folder that need not be there, relative likewise
	isCommand  = "command"  // a command line for sh
	isSync     = "sync"     // "always" or a duration such as 2m
	isSite     = "site"     // a web site, https:// where no scheme is given
	isMonitor  = "monitor"  // a NATS server's monitoring endpoint, http:// where no scheme is given
	isChannel  = "channel"  // a CyTube channel's name
	isUser     = "user"     // a CyTube user's name
	isProxy    = "proxy"    // host or host:port
	isRegexp   = "regexp"   // a regular expression
	isMatch    = "match"    // a word, or a regular expression between slashes
	isKeys     = "keys"     // keys of the keyboard with spaces between
	isTemplate = "template" // a command with {names} in it
)

var (
	secretType   = reflect.TypeFor[Secret]()
	embeddedType = reflect.TypeFor[EmbeddedMode]()
	shellType    = reflect.TypeFor[Shell]()
	platformType = reflect.TypeFor[Platform]()
)

func (f field) secret() bool { return f.typ == secretType }

// fieldsOf lists the keys of a section in their order.
func fieldsOf(section reflect.Type) []field {
	fields := make([]field, 0, section.NumField())
	for i := range section.NumField() {
		sf := section.Field(i)
		name := sf.Tag.Get("json")
		if name == "-" || !sf.IsExported() {
			continue
		}
		f := field{
			index: i, typ: sf.Type, name: name,
			doc: sf.Tag.Get("doc"), def: sf.Tag.Get("default"),
			anyCase: sf.Tag.Get("case") == "any",
			min:     sf.Tag.Get("min"), max: sf.Tag.Get("max"),
			is: sf.Tag.Get("is"), old: sf.Tag.Get("old"), pair: sf.Tag.Get("pair"),
			example: sf.Tag.Get("example"), missing: sf.Tag.Get("do"),
			required: sf.Tag.Get("required") == "true",
		}
		if enum := sf.Tag.Get("enum"); enum != "" {
			f.enum = strings.Split(enum, ",")
		}
		fields = append(fields, f)
	}
	return fields
}

// Default is the configuration of an empty file: every default, no platform.
func Default() *Config {
	cfg := new(Config)
	setDefaults(reflect.ValueOf(cfg).Elem())
	return cfg
}

// setDefaults fills a section with what its default tags say.
func setDefaults(section reflect.Value) {
	for _, f := range fieldsOf(section.Type()) {
		v := section.Field(f.index)
		if v.Kind() == reflect.Struct {
			setDefaults(v)
			continue
		}
		// A test walks every tag, so a default that does not parse cannot ship.
		_ = setText(v, f.def)
	}
}

// setText sets a scalar or a list of texts from a tag's spelling of it.
func setText(v reflect.Value, text string) error {
	if text == "" {
		v.SetZero()
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return err
		}
		v.SetBool(b)
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return err
		}
		v.SetInt(n)
	case reflect.Float64:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return err
		}
		v.SetFloat(n)
	case reflect.Slice:
		v.Set(reflect.ValueOf(strings.Split(text, ",")))
	default:
		return fmt.Errorf("no spelling for %s in a tag", v.Type())
	}
	return nil
}

// within says that n keeps the bounds.
func (f field) within(n float64) bool {
	if low, err := strconv.ParseFloat(f.min, 64); err == nil && n < low {
		return false
	}
	high, err := strconv.ParseFloat(f.max, 64)
	return err != nil || n <= high
}

// bounds describes them, with a space before; empty when there are none.
func (f field) bounds() string {
	switch {
	case f.min != "" && f.max != "":
		return " from " + f.min + " to " + f.max
	case f.min != "":
		return " of at least " + f.min
	case f.max != "":
		return " of at most " + f.max
	}
	return ""
}

// expected describes a value of the field, for a message that it is missing.
func (f field) expected() string {
	switch f.typ.Kind() {
	case reflect.Struct:
		return "a section " + f.name
	case reflect.Slice:
		return "a list of at least one"
	}
	return "a text"
}
