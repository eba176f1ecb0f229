// Package assets holds the files that are embedded in the binary.
package assets

import _ "embed"

// ConfigHeader is the comment at the head of the annotated example
// configuration: what the file is, and how values may be written.
//
//go:embed config_header.txt
var ConfigHeader string
