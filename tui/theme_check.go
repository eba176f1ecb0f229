package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rosey/bus/room"
	"rosey/config"
)

// ThemeNames are the themes there are, where dir has the person's own.
func ThemeNames(dir string) []string {
	all, _ := userThemes(dir)
	return all.names()
}

// FindTheme tells why a theme cannot be worn.
func FindTheme(name, dir string) error {
	all, broken := userThemes(dir)
	if what, do := missingTheme(name, all, broken); what != "" {
		return fmt.Errorf("%s; %s", what, do)
	}
	return nil
}

// CheckTheme tells what is wrong with the theme that a config asks for. The
// console wears another then, so nothing need stop for it.
func CheckTheme(cfg *config.Config, dir string) []config.Problem {
	all, broken := userThemes(dir)
	if p, wrong := themeProblem(cfg, all, broken); wrong {
		return []config.Problem{p}
	}
	return nil
}

func themeProblem(cfg *config.Config, all themes, broken []brokenTheme) (p config.Problem, wrong bool) {
	what, do := missingTheme(cmp.Or(cfg.TUI.Theme, "default"), all, broken)
	if what == "" {
		return config.Problem{}, false
	}
	return cfg.Problem("tui.theme", what, do), true
}

// missingTheme is what is wrong with a theme's name, and what to do about it;
// both are empty for one that there is.
func missingTheme(name string, all themes, broken []brokenTheme) (what, do string) {
	if _, ok := all[name]; ok {
		return "", ""
	}
	if i := slices.IndexFunc(broken, func(b brokenTheme) bool { return b.name == name }); i >= 0 {
		return fmt.Sprintf("the theme %q has a mistake: %s", name, broken[i]), "correct it, or choose another"
	}
	do = "choose one of " + strings.Join(all.names(), ", ")
	if like := likeliest(name, all.names()); like != "" {
		do = "did you mean " + like + "? There are " + strings.Join(all.names(), ", ")
	}
	return fmt.Sprintf("expected a theme, found %q", clip(room.Clean(name), maxName)), do
}

// likeliest is the name that was probably meant; empty when none is like it.
func likeliest(name string, names []string) string {
	best, distance := "", 1+len(name)/3
	for _, n := range names {
		if d := config.EditDistance(strings.ToLower(name), n); d <= distance {
			best, distance = n, d-1
		}
	}
	return best
}
