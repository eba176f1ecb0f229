package tui

import (
	"errors"
	"fmt"
	"image/color"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"go.yaml.in/yaml/v3"

	"rosey/assets"
	"rosey/bus/room"
	"rosey/config"
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

// A brokenTheme is a file that no theme can be read from.
type brokenTheme struct {
	name  string // what the theme would be called
	file  string
	place string // of the mistake, as :line:column; empty where there is none
	why   string
}

func (b brokenTheme) String() string { return b.file + b.place + ": " + b.why }

// userThemes adds a person's own themes, files in dir, to the built-in ones;
// one of the same name takes its place. A dir that is not there is none.
func userThemes(dir string) (themes, []brokenTheme) {
	all := builtinThemes()
	if dir == "" {
		return all, nil
	}
	own, broken := readThemes(os.DirFS(dir), ".")
	for i := range broken {
		broken[i].file = room.Clean(filepath.Join(dir, broken[i].file))
	}
	maps.Copy(all, own)
	return all, broken
}

// maxTheme bounds a theme's file.
const maxTheme = 64 << 10

// themeTypes are the endings of the files that are themes.
var themeTypes = []string{".yaml", ".yml", ".json"}

func readThemes(files fs.FS, dir string) (themes, []brokenTheme) {
	out := themes{}
	var broken []brokenTheme
	entries, err := fs.ReadDir(files, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return out, []brokenTheme{{why: room.Clean(config.Cause(err).Error())}}
	}
	for _, e := range entries {
		ext := path.Ext(e.Name())
		if e.IsDir() || !slices.Contains(themeTypes, ext) {
			continue
		}
		name := strings.TrimSuffix(e.Name(), ext)
		p, err := readTheme(files, path.Join(dir, e.Name()))
		if err != nil {
			place, why := mistakeIn(err)
			broken = append(broken, brokenTheme{room.Clean(name), e.Name(), place, room.Clean(why)})
			continue
		}
		out[name] = p
	}
	return out, broken
}

// misplaced is a mistake with its place in a theme's file.
type misplaced struct {
	at  *yaml.Node
	err error
}

func (m misplaced) Error() string { return m.err.Error() }

// yamlMistake is how the YAML reader begins where it cannot go on.
var yamlMistake = regexp.MustCompile(`^yaml: line ([0-9]+): `)

// mistakeIn takes what is wrong with a theme apart.
func mistakeIn(err error) (place, why string) {
	var m misplaced
	if errors.As(err, &m) {
		return fmt.Sprintf(":%d:%d", m.at.Line, m.at.Column), m.err.Error()
	}
	why = config.Cause(err).Error()
	if found := yamlMistake.FindStringSubmatch(why); found != nil {
		return ":" + found[1], strings.TrimPrefix(why, found[0])
	}
	return "", why
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

// parseTheme reads a theme. A mistake says its place.
func parseTheme(data []byte) (palette, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return palette{}, err
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return palette{}, errors.New("expected roles with colours, such as accent: \"#ff6a55\"")
	}
	var p palette
	pairs := doc.Content[0].Content
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := p.set(pairs[i], pairs[i+1]); err != nil {
			return palette{}, err
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

func (p *palette) set(role, n *yaml.Node) error {
	switch role.Value {
	case "about":
		p.about = room.Clean(n.Value)
		return nil
	case "plain":
		if err := n.Decode(&p.plain); err != nil {
			return misplaced{n, errors.New("plain: write true or false")}
		}
		return nil
	case "names":
		return p.setNames(n)
	}
	to, ok := p.roles()[role.Value]
	if !ok {
		return misplaced{role, fmt.Errorf("there is no role %q: choose one of about, plain, names, %s",
			room.Clean(role.Value), strings.Join(slices.Sorted(maps.Keys(p.roles())), ", "))}
	}
	got, err := readColor(n.Value)
	if err != nil {
		return misplaced{n, fmt.Errorf("%s: %w", role.Value, err)}
	}
	*to = got
	return nil
}

func (p *palette) setNames(n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		return misplaced{n, errors.New("names: give a list of colours")}
	}
	for _, c := range n.Content {
		got, err := readColor(c.Value)
		if err != nil {
			return misplaced{c, fmt.Errorf("names: %w", err)}
		}
		p.names = append(p.names, got)
	}
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
