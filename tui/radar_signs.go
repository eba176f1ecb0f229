package tui

import (
	"hash/fnv"
	"slices"
	"strings"
	"time"
	"unicode"

	"rosey/bus/room"
)

// A sign is something that strangers have in common.
type sign int

const (
	signAlike   sign = iota // say what others say
	signAliases             // were seen on others' addresses
	signName                // have a name that looks like another's here
)

type signs map[sign]bool

func (s sign) ofOne() string {
	return [...]string{"says what others say", "shares aliases with others", "name looks like another's"}[s]
}

func (s sign) ofMany() string {
	return [...]string{"say the same", "share aliases", "have names like others' here"}[s]
}

// signs are those of each stranger, by folded name.
func (r *radar) signs(st room.State, strangers []*arrival) map[string]signs {
	out := map[string]signs{}
	give := func(name string, s sign) {
		if out[name] == nil {
			out[name] = signs{}
		}
		out[name][s] = true
	}
	for _, name := range r.talkAlike() {
		give(name, signAlike)
	}
	for _, name := range sharedAliases(strangers) {
		give(name, signAliases)
	}
	here := r.namesHere(st)
	for _, a := range strangers {
		for _, form := range a.forms {
			if since, ok := here[form]; ok && a.at.Sub(since) >= atOnce {
				give(a.key, signName)
			}
		}
	}
	return out
}

// namesHere are the skeletons of the names in the room, with when the first of
// each came; zero for those who have been there longer than the radar looks.
func (r *radar) namesHere(st room.State) map[string]time.Time {
	came := make(map[string]*arrival, len(r.arrivals))
	for _, a := range r.arrivals {
		came[a.key] = a
	}
	out := make(map[string]time.Time, len(st.Users))
	note := func(forms []string, at time.Time) {
		for _, form := range forms {
			if first, ok := out[form]; !ok || at.Before(first) {
				out[form] = at
			}
		}
	}
	for _, u := range st.Users {
		if a := came[room.Fold(u.Name)]; a != nil {
			note(a.forms, a.at)
		} else {
			note(skeletons(u.Name), time.Time{})
		}
	}
	return out
}

// atOnce is how close together people come who come at once.
const atOnce = 10 * time.Second

// cameAtOnce tells whether a stranger came with at least four others.
func cameAtOnce(a *arrival, strangers []*arrival) bool {
	n := 0
	for _, o := range strangers {
		if o != a && o.at.Sub(a.at).Abs() <= atOnce {
			n++
		}
	}
	return n >= 4
}

// alikeFrom is the share of shingles two lines have in common from which on
// they say the same.
const alikeFrom = 0.6

// talkAlike are those who have just come and say what at least two others of
// them say.
func (r *radar) talkAlike() []string {
	groups := newGroups(len(r.lines))
	for i := range r.lines {
		for j := range i {
			if jaccard(r.lines[i].shingles, r.lines[j].shingles) >= alikeFrom {
				groups.join(i, j)
			}
		}
	}
	speakers := map[int]map[string]bool{}
	for i, l := range r.lines {
		g := groups.of(i)
		if speakers[g] == nil {
			speakers[g] = map[string]bool{}
		}
		speakers[g][l.who] = true
	}
	var out []string
	for _, who := range speakers {
		if len(who) < 3 {
			continue
		}
		for name := range who {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// sharedAliases are the strangers in a cluster of at least three who were seen
// on the same addresses, as CyTube tells moderators by their aliases.
func sharedAliases(strangers []*arrival) []string {
	groups := newGroups(len(strangers))
	by := map[string]int{}
	for i, a := range strangers {
		for _, alias := range append(slices.Clone(a.user.Meta.Aliases), a.user.Name) {
			alias = room.Fold(alias)
			if j, ok := by[alias]; ok {
				groups.join(i, j)
			}
			by[alias] = i
		}
	}
	size := map[int]int{}
	for i := range strangers {
		size[groups.of(i)]++
	}
	var out []string
	for i, a := range strangers {
		if size[groups.of(i)] >= 3 {
			out = append(out, a.key)
		}
	}
	return out
}

// skeletons are what a name looks like at a glance: letters and the digits that
// stand for them made one, with and without the number hung on at its end.
func skeletons(name string) []string {
	name = room.Fold(name)
	isDigit := func(c rune) bool { return unicode.IsDigit(c) }
	isHung := func(c rune) bool { return unicode.IsDigit(c) || c == '_' || c == '-' }
	var out []string
	for _, form := range []string{name, strings.TrimRight(strings.TrimRightFunc(name, isDigit), "_-"), strings.TrimRightFunc(name, isHung)} {
		if form = alikeLetters.Replace(form); len(form) >= 3 && !slices.Contains(out, form) {
			out = append(out, form)
		}
	}
	return out
}

var alikeLetters = strings.NewReplacer("0", "o", "1", "l", "i", "l", "3", "e", "4", "a", "5", "s", "7", "t", "_", "", "-", "")

const (
	shingleLen = 3
	maxShingle = 200 // letters of a line that count
	minShingle = 8   // shorter lines say the same by chance
)

// shingles are the hashes of all stretches of three letters in a line, sorted
// and each once; nil for a line too short to tell.
func shingles(text string) []uint32 {
	letters := make([]rune, 0, maxShingle)
	for _, c := range room.Fold(text) {
		if unicode.IsSpace(c) || unicode.IsDigit(c) {
			continue // numbers hung on are the usual disguise
		}
		if letters = append(letters, c); len(letters) == maxShingle {
			break
		}
	}
	if len(letters) < minShingle {
		return nil
	}
	out := make([]uint32, 0, len(letters))
	for i := 0; i+shingleLen <= len(letters); i++ {
		h := fnv.New32a()
		h.Write([]byte(string(letters[i : i+shingleLen])))
		out = append(out, h.Sum32())
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// jaccard is the share that two sorted sets have in common.
func jaccard(a, b []uint32) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	common := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			common, i, j = common+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return float64(common) / float64(len(a)+len(b)-common)
}

// groups put numbers from 0 together that were joined (union-find).
type groups []int

func newGroups(n int) groups {
	g := make(groups, n)
	for i := range g {
		g[i] = i
	}
	return g
}

func (g groups) of(i int) int {
	for g[i] != i {
		g[i] = g[g[i]]
		i = g[i]
	}
	return i
}

func (g groups) join(i, j int) { g[g.of(i)] = g.of(j) }
