package tui

import (
	"errors"
	"fmt"
	"image/color"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"go.yaml.in/yaml/v3"

	"rosey/assets"
	"rosey/bus/room"
)

// themes are palettes by name.
type themes map[string]palette

// builtinThemes are the themes that every build has.
func builtinThemes() themes {
	all, problems := readThemes(assets.Themes, "themes")
	if len(problems) > 0 { // a test reads them all
		return themes{"default": {plain: true}}
	}
	return all
}

// names are the themes in order, the default first.
func (t themes) names() []string {
	names := slices.Sorted(maps.Keys(t))
	if i := slices.Index(names, "default"); i > 0 {
		names = slices.Insert(slices.Delete(names, i, i+1), 0, "default")
	}
	return names
}

// userThemes adds a person's own themes, files in dir, to the built-in ones;
// one of the same name takes its place. A file with a mistake is left out, and
// the problem says where the mistake is. A dir that is not there is none.
func userThemes(dir string) (themes, []string) {
	all := builtinThemes()
	if dir == "" {
		return all, nil
	}
	own, problems := readThemes(os.DirFS(dir), ".")
	for i := range problems {
		problems[i] = dir + "/" + problems[i]
	}
	maps.Copy(all, own)
	return all, problems
}

// maxTheme bounds a theme's file.
const maxTheme = 64 << 10

func readThemes(files fs.FS, dir string) (themes, []string) {
	out := themes{}
	var problems []string
	entries, err := fs.ReadDir(files, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return out, []string{room.Clean(err.Error())}
	}
	for _, e := range entries {
		ext := path.Ext(e.Name())
		if e.IsDir() || ext != ".yaml" && ext != ".yml" && ext != ".json" {
			continue
		}
		p, err := readTheme(files, path.Join(dir, e.Name()))
		if err != nil {
			problems = append(problems, room.Clean(e.Name()+": "+err.Error()))
			continue
		}
		out[strings.TrimSuffix(e.Name(), ext)] = p
	}
	return out, problems
}

// readTheme reads a theme's file; one that is no file is not opened, since a
// pipe would be waited for.
func readTheme(files fs.FS, name string) (palette, error) {
	info, err := fs.Stat(files, name)
	switch {
	case err != nil:
		return palette{}, err
	case !info.Mode().IsRegular():
		return palette{}, errors.New("this is not a file")
	case info.Size() > maxTheme:
		return palette{}, errors.New("the file is too large for a theme")
	}
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return palette{}, err
	}
	return parseTheme(data)
}

// parseTheme reads a theme. A mistake says its line.
func parseTheme(data []byte) (palette, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return palette{}, err
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return palette{}, errors.New("a theme is a list of roles, such as accent: \"#ff6a55\"")
	}
	var p palette
	pairs := doc.Content[0].Content
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := p.set(pairs[i].Value, pairs[i+1]); err != nil {
			return palette{}, fmt.Errorf("line %d: %w", pairs[i].Line, err)
		}
	}
	return p, nil
}

// roles are what a theme may give a colour.
func (p *palette) roles() map[string]*color.Color {
	return map[string]*color.Color{
		"text": &p.text, "muted": &p.muted, "border": &p.border, "accent": &p.accent, "good": &p.good,
		"warn": &p.warn, "bad": &p.bad, "quote": &p.quote, "link": &p.link, "selection": &p.selection,
	}
}

func (p *palette) set(role string, n *yaml.Node) error {
	switch role {
	case "about":
		p.about = room.Clean(n.Value)
		return nil
	case "plain":
		return n.Decode(&p.plain)
	case "names":
		if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
			return errors.New("names: give a list of colours")
		}
		for _, c := range n.Content {
			got, err := readColor(c.Value)
			if err != nil {
				return fmt.Errorf("names: %w", err)
			}
			p.names = append(p.names, got)
		}
		return nil
	}
	to, ok := p.roles()[role]
	if !ok {
		return fmt.Errorf("%q is no role: there are about, plain, names, %s", role, strings.Join(slices.Sorted(maps.Keys(p.roles())), ", "))
	}
	got, err := readColor(n.Value)
	if err != nil {
		return fmt.Errorf("%s: %w", role, err)
	}
	*to = got
	return nil
}

var hexColor = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// readColor reads "#rrggbb", or the number of one of the terminal's own
// sixteen.
func readColor(text string) (color.Color, error) {
	if hexColor.MatchString(text) {
		return lipgloss.Color(text), nil
	}
	var n int
	if _, err := fmt.Sscanf(text, "%d", &n); err == nil && n >= 0 && n < 16 && fmt.Sprint(n) == text {
		return ansi.BasicColor(n), nil
	}
	return nil, fmt.Errorf("%q is no colour: write \"#rrggbb\" or a number from 0 to 15", text)
}
