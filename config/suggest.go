package config

import (
	"reflect"
	"strconv"
	"strings"
)

// shownKey is a key as messages show it. A key is not secret, but "password:x"
// without a space is a key to YAML, so what follows a colon is left out.
func shownKey(key string) string {
	if i := strings.IndexAny(key, ":="); i >= 0 {
		key = key[:i] + "…"
	}
	return strconv.Quote(shorten(key))
}

// plainKey says that a key can stand in a path as it is.
func plainKey(key string) bool {
	return key != "" && len(key) <= foundText && strings.IndexFunc(key, func(r rune) bool {
		return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0
}

func join(path, key string) string {
	if !plainKey(key) {
		key = shownKey(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// moved tells where v1's keys went that have another name now.
var moved = map[string]string{
	"db":        "database.path",
	"log_level": "logging.level",
}

// advice says what to do about a key that a section does not know, and whether
// it is a known one mistyped.
func advice(key string, section reflect.Type) (do string, code Code) {
	if strings.ContainsRune(key, ':') {
		return "put a space after the colon", CodeUnknownKey
	}
	if path := moved[key]; path != "" {
		return "it is " + path + " now", CodeUnknownKey
	}
	best, distance := "", 1+len(key)/3
	for _, f := range fieldsOf(section) {
		if d := EditDistance(strings.ToLower(key), f.name); d <= distance {
			best, distance = f.name, d-1
		}
	}
	if best != "" {
		return "did you mean " + best + "?", CodeMistyped
	}
	if paths := pathsOf(key, reflect.TypeFor[Config](), ""); len(paths) == 1 {
		return "it belongs at " + paths[0], CodeUnknownKey
	}
	return "remove it, or name it _comment", CodeUnknownKey
}

// pathsOf lists where in the schema a key stands.
func pathsOf(key string, section reflect.Type, path string) []string {
	var paths []string
	for _, f := range fieldsOf(section) {
		at := join(path, f.name)
		if f.name == key {
			paths = append(paths, at)
		}
		switch {
		case f.typ.Kind() == reflect.Struct:
			paths = append(paths, pathsOf(key, f.typ, at)...)
		case f.typ.Kind() == reflect.Slice && f.typ.Elem().Kind() == reflect.Struct:
			paths = append(paths, pathsOf(key, f.typ.Elem(), at+"[]")...)
		}
	}
	return paths
}

// EditDistance counts the letters to add, drop or replace to make a into b.
func EditDistance(a, b string) int {
	if len(a) > 2*foundText {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
