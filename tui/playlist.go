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
	poll  pollList
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

func (p *playlistPage) size(w, h int) { p.w, p.h = w, h }

// want has the choice follow what has become of the queue.
func (p *playlistPage) want(m *model) tea.Cmd {
	if v := m.room(); v != nil {
		p.items.find(p.list(m, v))
	}
	return nil
}

func (p *playlistPage) help(m *model) []keyGroup {
	k := m.keys
	look := append(k.inList(), worded(k.Copy, "copy the title"), k.PollUp, k.PollDown, worded(k.Leave, "to the room"))
	if m.opts.ReadOnly {
		return []keyGroup{{"Playlist", look}}
	}
	return []keyGroup{
		{"Playlist", look},
		{"Queue", []key.Binding{k.Jump, k.PlayNext, k.AddMedia, k.RemoveItem, k.MoveUp, k.MoveDown, k.Temp, k.Shuffle, k.Lock, k.Skip}},
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
	case key.Matches(msg, k.PollUp):
		p.poll.scroll(m, v, -1, p.w, p.pollHeight())
	case key.Matches(msg, k.PollDown):
		p.poll.scroll(m, v, 1, p.w, p.pollHeight())
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
		title: title(verb) + m.inRoom(v.name), danger: true,
		body: func(m *model, w int) []string {
			rows := append(wrapText(m, about, w), wrapText(m, room.Clean(info.Help), w)...)
			if stops := v.stops(verb); stops != "" {
				rows = append(rows, wrapText(m, stops, w)...)
			}
			return rows
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
		return unknownText(r)
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
	v := m.room()
	if v == nil {
		return nil
	}
	head := len(p.head(m, v))
	if e.what == pointerWheel && e.y < head {
		p.poll.scroll(m, v, e.wheel, p.w, p.pollHeight())
		return nil
	}
	p.items.pointer(e, p.list(m, v), e.y-head-1)
	return nil
}
