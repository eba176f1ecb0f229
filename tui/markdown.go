package tui

import "strings"

// mdSpecial is what Markdown would take for its own.
var mdSpecial = strings.NewReplacer("\\", "\\\\", "`", "\\`", "*", "\\*", "_", "\\_", "[", "\\[", "<", "&lt;", ">", "&gt;",
	"&", "&amp;", "#", "\\#", "~", "\\~", "|", "\\|", "\n", " ")

// mdText is text that Markdown shows as it is, in a table or within a line.
func mdText(text string) string { return mdSpecial.Replace(text) }
