package assets

import "embed"

// Themes holds the console's themes, themes/<name>.yaml.
//
//go:embed themes/*.yaml
var Themes embed.FS
