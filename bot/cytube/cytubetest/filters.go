package cytubetest

import (
	"regexp"
	"slices"
	"strings"
)

// defaultFilters are those of a new channel (PROTOCOL.md §5).
var defaultFilters = []Filter{
	{Name: "monospace", Source: "`(.+?)`", Flags: "g", Replace: `<code>\1</code>`, Active: true},
	{Name: "bold", Source: `\*(.+?)\*`, Flags: "g", Replace: `<strong>\1</strong>`, Active: true},
	{Name: "italic", Source: `_(.+?)_`, Flags: "g", Replace: `<em>\1</em>`, Active: true},
	{Name: "strike", Source: `~~(.+?)~~`, Flags: "g", Replace: `<s>\1</s>`, Active: true},
	{Name: "inline spoiler", Source: `\[sp\](.*?)\[\/sp\]`, Flags: "gi", Replace: `<span class="spoiler">\1</span>`, Active: true},
}

// A filter is a Filter that can run: it is made when a channel's filters
// change, not for each line. Its JSON is the Filter's.
type filter struct {
	Filter
	find *regexp.Regexp // nil where Go does not know the expression
	put  string         // the replacement in Go's form
}

// compile makes a filter; an error tells what Go does not know in it, and the
// filter then matches nothing.
func compile(f Filter) (filter, error) {
	flags := ""
	for _, flag := range "ims" {
		if strings.ContainsRune(f.Flags, flag) {
			flags += string(flag)
		}
	}
	source := strings.ReplaceAll(f.Source, `\/`, "/")
	if flags != "" {
		source = "(?" + flags + ")" + source
	}
	find, err := regexp.Compile(source)
	put := groupReference.ReplaceAllString(strings.ReplaceAll(f.Replace, "$", "$$"), "$${$1}")
	return filter{Filter: f, find: find, put: put}, err
}

// compileAll keeps those that match nothing, as they are kept and shown.
func compileAll(list []Filter) []filter {
	filters := make([]filter, len(list))
	for i, f := range list {
		filters[i], _ = compile(f)
	}
	return filters
}

var groupReference = regexp.MustCompile(`\\(\d)`)

// applyFilters runs the active filters over a text in turn; over a link only
// those meant for links.
func applyFilters(filters []filter, text string, isLink bool) string {
	for _, f := range filters {
		if !f.Active || isLink && !f.FilterLinks || f.find == nil {
			continue
		}
		if strings.Contains(f.Flags, "g") {
			text = f.find.ReplaceAllString(text, f.put)
		} else if m := f.find.FindStringSubmatchIndex(text); m != nil {
			text = text[:m[0]] + string(f.find.ExpandString(nil, f.put, text, m)) + text[m[1]:]
		}
	}
	return text
}

// filterFrom reads a filter that a client sent, as CyTube completes it.
func filterFrom(v any) (Filter, bool) {
	o, _ := v.(map[string]any)
	source, ok1 := o["source"].(string)
	flags, ok2 := o["flags"].(string)
	replace, ok3 := o["replace"].(string)
	name, named := o["name"].(string)
	if !named {
		name = source
	}
	f := Filter{
		Name:        name,
		Source:      source,
		Flags:       flags[:min(len(flags), 4)],
		Replace:     jsReference.ReplaceAllString(cut16(replace, 1000), `\$1`),
		Active:      truthy(o["active"]),
		FilterLinks: truthy(o["filterlinks"]),
	}
	return f, ok1 && ok2 && ok3
}

// jsReference is a group in a replacement as JavaScript writes it.
var jsReference = regexp.MustCompile(`\$(\d)`)

// editFilter is what adding and changing have in common: the checks.
func (c *channel) editFilter(u *user, r request, edit func(filter) bool) {
	o, ok := decode(r.arg).(map[string]any)
	if !ok || !c.may(u, "filteredit") {
		return
	}
	given, ok := filterFrom(o)
	f, err := compile(given)
	if err != nil {
		u.emit("errorMsg", errorMsg{Msg: "Invalid regex: " + regexpProblem(err), Alert: true})
		return
	}
	if ok && edit(f) {
		c.broadcastTo("updateChatFilter", f, func(u *user) bool { return c.may(u, "filteredit") })
	}
}

// regexpProblem puts Go's errors in the words of CyTube's library.
func regexpProblem(err error) string {
	_, text, _ := strings.Cut(err.Error(), "error parsing regexp: ")
	if strings.HasPrefix(text, "missing closing )") {
		return "missing )"
	}
	return text
}

func (c *channel) addFilter(u *user, r request) {
	c.editFilter(u, r, func(f filter) bool {
		if c.filterNamed(f.Name) >= 0 {
			u.emit("errorMsg", errorMsg{Msg: "Filter add failed: Filter already exists", Alert: true})
			return false
		}
		c.filters = append(c.filters, f)
		u.emit("addFilterSuccess", none{})
		c.logf("[mod] %s added filter: %s -> s/%s/%s/%s active: %v, filterlinks: %v",
			u.name, f.Name, f.Source, f.Replace, f.Flags, f.Active, f.FilterLinks)
		return true
	})
}

func (c *channel) updateFilter(u *user, r request) {
	c.editFilter(u, r, func(f filter) bool {
		i := c.filterNamed(f.Name)
		if i < 0 {
			u.emit("errorMsg", errorMsg{Msg: "Filter update failed: Filter to be updated does not exist", Alert: true})
			return false
		}
		c.filters[i] = f
		c.logf("[mod] %s updated filter: %s -> s/%s/%s/%s active: %v, filterlinks: %v",
			u.name, f.Name, f.Source, f.Replace, f.Flags, f.Active, f.FilterLinks)
		return true
	})
}

func (c *channel) filterNamed(name string) int {
	return slices.IndexFunc(c.filters, func(f filter) bool { return f.Name == name })
}

func (c *channel) removeFilter(u *user, r request) {
	o, _ := decode(r.arg).(map[string]any)
	name, ok := o["name"].(string)
	if !ok || !c.may(u, "filteredit") {
		return
	}
	i := c.filterNamed(name)
	if i < 0 {
		u.emit("errorMsg", errorMsg{Msg: "Filter removal failed: Filter to be removed does not exist", Alert: true})
		return
	}
	c.filters = slices.Delete(slices.Clone(c.filters), i, i+1)
	c.broadcastTo("deleteChatFilter", o, func(u *user) bool { return c.may(u, "filteredit") })
	c.logf("[mod] %s removed filter: %s", u.name, name)
}

func (c *channel) importFilters(u *user, r request) {
	list, ok := decode(r.arg).([]any)
	if !ok || !c.may(u, "filterimport") {
		return
	}
	var filters []Filter
	for _, v := range list {
		if f, ok := filterFrom(v); ok {
			filters = append(filters, f)
		}
	}
	c.filters = compileAll(filters)
	c.logf("[mod] %s imported the filter list", u.name)
	c.sendFilters(c.users...)
}

func (c *channel) moveFilter(u *user, r request) {
	if !c.may(u, "filteredit") {
		return
	}
	if from, to, ok := fromTo(r, len(c.filters)); ok {
		c.filters = moved(c.filters, from, to)
	}
}

func (c *channel) requestFilters(u *user, _ request) { c.sendFilters(u) }

func (c *channel) sendFilters(to ...*user) {
	all := append([]filter{}, c.filters...)
	for _, u := range to {
		if c.may(u, "filteredit") {
			u.emit("chatFilters", all)
		}
	}
}

// fromTo reads the indices of a move in a list of n.
func fromTo(r request, n int) (from, to int, ok bool) {
	o, _ := decode(r.arg).(map[string]any)
	f, ok1 := o["from"].(float64)
	t, ok2 := o["to"].(float64)
	from, to = int(f), int(t)
	return from, to, ok1 && ok2 && from >= 0 && to >= 0 && from < n && to < n
}

// moved is the list with one element elsewhere.
func moved[T any](list []T, from, to int) []T {
	item := list[from]
	return slices.Insert(slices.Delete(slices.Clone(list), from, from+1), to, item)
}

// truthy is JavaScript's idea of true.
func truthy(v any) bool {
	switch v := v.(type) {
	case nil, undefined:
		return false
	case bool:
		return v
	case float64:
		return v != 0
	case string:
		return v != ""
	}
	return true
}
