package tui

import (
	"fmt"
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// playlistPage is the queue of the room that is shown. What is done to an item
// is bound to the item: its position is looked up when the command goes.
type playlistPage struct {
	w, h  int
	items table
	add   *field // an address under edit
	rows  []tableRow
	drawn playlistKey
}

// playlistKey is everything that the rows depend on.
type playlistKey struct {
	room    string
	rev     uint64
	w, look int
}

func (p *playlistPage) size(w, h int)       { p.w, p.h = w, h }
func (p *playlistPage) want(*model) tea.Cmd { return nil }
func (p *playlistPage) help(m *model) []keyGroup {
	k := m.keys
	return []keyGroup{
		{"Move in the list", []key.Binding{k.Up, k.Down, k.PageUp, k.PageDown, k.First, k.Last}},
		{"Queue", []key.Binding{k.Jump, k.PlayNext, k.AddMedia, k.RemoveItem, k.MoveUp, k.MoveDown, k.Temp, k.Shuffle, k.Lock, k.Skip, k.Copy}},
	}
}

func (p *playlistPage) hints(m *model) []key.Binding {
	k := m.keys
	switch {
	case p.add != nil:
		return []key.Binding{bind("enter", "queue it", "enter"), k.Cancel}
	case m.opts.ReadOnly:
		return []key.Binding{k.Down, k.Up, k.Copy, k.Views[viewRoom], k.Help}
	}
	return []key.Binding{k.Jump, k.PlayNext, k.AddMedia, k.RemoveItem, k.MoveUp, k.MoveDown, k.Lock, k.Views[viewRoom], k.Help}
}

// list makes the rows, unless nothing has changed.
func (p *playlistPage) list(m *model, v *channel) []tableRow {
	now := playlistKey{v.name, v.rev, p.w, m.look}
	if p.rows != nil && now == p.drawn {
		return p.rows
	}
	p.drawn, p.rows = now, make([]tableRow, 0, len(v.state.Playlist))
	s := m.styles
	for i, it := range v.state.Playlist {
		mark, length, temp, title := "", "live", "", s.text
		if it.UID == v.state.Current {
			mark, title = "▶", s.strong
		}
		if it.Media.Seconds > 0 {
			length = clockLength(it.Media.Seconds)
		}
		if it.Temp {
			temp = "temp"
		}
		by := room.Clean(it.QueueBy)
		text := m.cells(p.cols(), p.w-3, []string{mark, strconv.Itoa(i + 1), room.Clean(it.Media.Title), temp, by, length},
			[]ink{s.good, s.muted, title, s.muted, s.name(by), s.muted})
		p.rows = append(p.rows, tableRow{strconv.Itoa(it.UID), text})
	}
	return p.rows
}

func (p *playlistPage) cols() []col {
	if p.w < narrowWidth {
		return []col{{"", 1, false}, {"", 3, true}, {"title", 0, false}, {"", 4, false}, {"by", 8, false}, {"length", 7, true}}
	}
	return []col{{"", 1, false}, {"", 4, true}, {"title", 0, false}, {"", 4, false}, {"queued by", 16, false}, {"length", 8, true}}
}

func (p *playlistPage) draw(m *model) []string {
	v := m.room()
	if v == nil {
		return m.page(nil, p.w, p.h)
	}
	rows := append(p.head(m, v), m.titles(p.cols(), p.w))
	foot := 0
	if p.add != nil {
		foot = 2
	}
	items := p.list(m, v)
	body := p.items.draw(m, items, p.w, max(1, p.h-len(rows)-foot))
	if len(items) == 0 {
		body[0] = m.styles.muted.paint("     nothing queued")
	}
	rows = append(rows, body...)
	if p.add != nil {
		rows = append(rows, m.styles.border.paint(rule(p.w)), " "+p.add.row(m, p.w-2))
	}
	return m.page(rows, p.w, p.h)
}

// head is the queue as a whole: how long, how open, the votes and the poll.
func (p *playlistPage) head(m *model, v *channel) []string {
	s, st := m.styles, v.state
	parts := []string{count(uint64(len(st.Playlist)), "item")}
	if st.Length.Length != "" {
		parts = append(parts, room.Clean(st.Length.Length))
	}
	if st.Locked {
		parts = append(parts, "locked: only those with the right may add")
	} else {
		parts = append(parts, "open to all")
	}
	if st.Voteskip.Need > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d votes to skip", st.Voteskip.Count, st.Voteskip.Need))
	}
	rows := []string{fit(m.by, "  "+s.text.paint(strings.Join(parts, "  ·  ")), p.w)}
	if poll := st.Poll; poll != nil && p.h > 12 {
		rows = append(rows, fit(m.by, "  "+s.accent.paint("poll")+"  "+s.strong.paint(room.Clean(poll.Title)), p.w))
		for i, o := range poll.Options[:min(len(poll.Options), 6)] {
			votes := ""
			if i < len(poll.Counts) {
				votes = room.Clean(poll.Counts[i])
			}
			rows = append(rows, fit(m.by, "    "+s.accent.paint(fitRight(m.by, votes, 4))+"  "+room.Clean(o), p.w))
		}
	}
	return append(rows, "")
}

func (p *playlistPage) key(m *model, msg tea.KeyPressMsg) tea.Cmd {
	v, k := m.room(), m.keys
	if v == nil {
		return nil
	}
	if p.add != nil {
		return p.addKey(m, v, msg)
	}
	items := p.list(m, v)
	if p.items.key(k, msg, items, p.h-4) {
		return nil
	}
	switch {
	case key.Matches(msg, k.Leave):
		return m.open(viewRoom)
	case key.Matches(msg, k.Copy):
		if it, _, ok := p.item(v); ok {
			return m.copy(room.Clean(it.Media.Title))
		}
	case m.opts.ReadOnly:
		m.status = "you are watching: nothing can be changed from here"
	default:
		return p.act(m, v, msg)
	}
	return nil
}

// item is the chosen one and its place now.
func (p *playlistPage) item(v *channel) (room.Item, int, bool) {
	uid, err := strconv.Atoi(p.items.chosen)
	if err != nil {
		return room.Item{}, 0, false
	}
	return v.state.Item(uid)
}

// act begins what a key asks for.
func (p *playlistPage) act(m *model, v *channel, msg tea.KeyPressMsg) tea.Cmd {
	k := m.keys
	switch {
	case key.Matches(msg, k.AddMedia):
		p.add = newField("add", "", nil)
	case key.Matches(msg, k.Jump):
		return p.onItem(m, v, "jump", 0)
	case key.Matches(msg, k.PlayNext):
		_, current, _ := v.state.Item(v.state.Current)
		_, from, ok := p.item(v)
		to := current + 1
		if ok && from < current {
			to = current // the queue closes up behind the one that moves
		}
		return p.onItem(m, v, "move", to-from)
	case key.Matches(msg, k.MoveUp):
		return p.onItem(m, v, "move", -1)
	case key.Matches(msg, k.MoveDown):
		return p.onItem(m, v, "move", 1)
	case key.Matches(msg, k.RemoveItem):
		return p.onItem(m, v, "remove", 0)
	case key.Matches(msg, k.Temp):
		return p.onItem(m, v, "settemp", 0)
	case key.Matches(msg, k.Shuffle):
		return p.do(m, v, "shuffle", "Shuffle the queue", nil)
	case key.Matches(msg, k.Skip):
		return p.do(m, v, "next", "Play the next item now", nil)
	case key.Matches(msg, k.Lock) && v.state.Locked:
		return p.do(m, v, "unlock", "Open the queue", nil)
	case key.Matches(msg, k.Lock):
		return p.do(m, v, "lock", "Lock the queue", nil)
	}
	return nil
}

// onItem does something to the chosen item; a move goes by steps.
func (p *playlistPage) onItem(m *model, v *channel, verb string, steps int) tea.Cmd {
	it, at, ok := p.item(v)
	if !ok {
		m.status = "nothing is chosen"
		return nil
	}
	if to := at + steps; verb == "move" && (steps == 0 || to < 0 || to >= len(v.state.Playlist)) {
		m.status = "it is there already"
		return nil
	}
	title := room.Clean(it.Media.Title)
	return p.do(m, v, verb, title, func() []string {
		now, at, ok := v.state.Item(it.UID)
		if !ok || now.Media.ID != it.Media.ID {
			return nil
		}
		words := []string{strconv.Itoa(at + 1)}
		switch verb {
		case "move":
			words = append(words, strconv.Itoa(at+1+steps))
		case "settemp":
			words = append(words, map[bool]string{true: "no", false: "yes"}[now.Temp])
		}
		return words
	})
}

// do sends a command of the tree, after a question where it harms. The words
// are found when it goes, so that they fit the queue as it is then.
func (p *playlistPage) do(m *model, v *channel, verb, about string, words func() []string) tea.Cmd {
	info, ok := v.command(verb)
	if !ok {
		m.status = "the bot does not know how to " + verb
		return nil
	}
	if why := v.cannot(info, ""); why != "" {
		m.status = fmt.Sprintf("cannot %s: %s", verb, why)
		return nil
	}
	run := func(m *model) tea.Cmd {
		var found []string
		if words != nil {
			if found = words(); found == nil {
				m.status = about + " is not in the queue any more"
				return nil
			}
		}
		e := newErrand(m, v, info, found)
		e.tell = func(m *model, r bus.CommandReply) { m.status = strings.ReplaceAll(outcomeText(r), "\n", " · ") }
		m.status = e.typed + " …"
		return m.send(e)
	}
	if !info.Destructive || info.Bulk {
		return run(m)
	}
	return m.push(&question{
		title: title(verb), danger: true,
		body: func(m *model, w int) []string {
			return append(wrapText(m, about, w), wrapText(m, room.Clean(info.Help), w)...)
		},
		buttons: []button{{"n", "Leave it", nil}, {"y", title(verb), run}},
	})
}

// outcomeText is a reply in one sentence with its sign.
func outcomeText(r bus.CommandReply) string {
	switch r.Status {
	case bus.StatusRefused:
		return "✗ refused: " + r.Text
	case bus.StatusNoEffect:
		return "– no effect: " + r.Text
	case bus.StatusPending:
		return "… still under way"
	}
	return "✓ " + r.Text
}

func (p *playlistPage) addKey(m *model, v *channel, msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case key.Matches(msg, m.keys.Cancel):
		p.add = nil
	case key.Matches(msg, m.keys.Choose):
		link := strings.TrimSpace(p.add.value())
		p.add = nil
		if link == "" {
			return nil
		}
		return p.do(m, v, "add", link, func() []string { return []string{link} })
	default:
		p.add.key(m, msg)
	}
	return nil
}

func (p *playlistPage) cursor(m *model) (x, y int, ok bool) {
	if p.add == nil {
		return 0, 0, false
	}
	return 1 + p.add.column(m, p.w-2), p.h - 1, true
}

// paste queues what was pasted, after it was seen.
func (p *playlistPage) paste(m *model, text string) tea.Cmd {
	if lines := pastedLines(text); len(lines) > 0 && !m.opts.ReadOnly {
		if p.add == nil {
			p.add = newField("add", "", nil)
		}
		p.add.edit.insert(lines[0])
	}
	return nil
}

func (p *playlistPage) pointer(m *model, e pointer) tea.Cmd {
	if v := m.room(); v != nil {
		p.items.pointer(e, p.list(m, v), e.y-len(p.head(m, v))-1)
	}
	return nil
}
