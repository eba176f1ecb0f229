package config

import "regexp"

// reference is ${NAME}, or $${NAME} for the characters themselves. No other
// dollar sign means anything, so passwords of v0.5.0's files stay as they are.
var reference = regexp.MustCompile(`\$?\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// expand puts the environment into a text. A variable that is not set is an
// error that names it.
func (d *decoder) expand(v *value, path string) (text string, ok bool) {
	ok = true
	text = reference.ReplaceAllStringFunc(v.text, func(match string) string {
		if match[1] == '$' {
			return match[1:]
		}
		d.fromEnv[path] = true
		name := match[2 : len(match)-1]
		put, set := d.lookup(name)
		if !set {
			ok = false
			d.errorf(v.at, path, "set it, or write $"+match+" for the characters themselves",
				"the environment variable %s is not set", name)
		}
		return put
	})
	return text, ok
}

// EscapeReferences writes a text so that loading gives the same text, whatever
// the environment has.
func EscapeReferences(text string) string {
	return reference.ReplaceAllStringFunc(text, func(match string) string { return "$" + match })
}
