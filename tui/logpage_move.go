package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// tail follows what happens, or stands still where it is.
func (p *logPage) tail(on bool) {
	p.follow, p.bottom, p.at = on, len(p.shown)-1, len(p.shown)-1
}

func (p *logPage) move(m *model, msg tea.KeyPressMsg) tea.Cmd {
	k := m.keys.Figures
	page := max(1, p.listHeight())
	p.refresh(m)
	switch {
	case key.Matches(msg, k.Up):
		return p.step(m, -1)
	case key.Matches(msg, k.Down):
		return p.step(m, 1)
	case key.Matches(msg, m.keys.PageUp):
		return p.scroll(m, -page)
	case key.Matches(msg, m.keys.PageDown):
		return p.scroll(m, page)
	case key.Matches(msg, k.Top):
		cmd := p.scroll(m, -len(p.shown))
		p.at = 0
		return cmd
	case key.Matches(msg, k.Bottom):
		p.tail(true)
	}
	return nil
}

// step chooses the next entry and brings it into sight.
func (p *logPage) step(m *model, by int) tea.Cmd {
	if p.follow {
		p.tail(false)
	}
	at := max(0, min(p.at+by, len(p.shown)-1))
	var cmd tea.Cmd
	switch {
	case p.at+by < 0:
		cmd = p.older(m)
	case at > p.bottom:
		cmd = p.scroll(m, at-p.bottom)
	}
	for p.first(m) > at { // a row may be a day's
		cmd = p.scroll(m, -1)
	}
	p.at = at
	p.follow = by > 0 && at == len(p.shown)-1
	return cmd
}

// scroll moves through what is there, and the choice with it where it would go
// out of sight; at its top it asks for what was before.
func (p *logPage) scroll(m *model, rows int) tea.Cmd {
	if p.follow {
		p.tail(false)
	}
	p.follow = p.bottom+rows >= len(p.shown)-1 && rows > 0
	p.bottom = max(0, min(p.bottom+rows, len(p.shown)-1))
	for p.bottom < len(p.shown)-1 && len(p.window(m)) < p.listHeight() {
		p.bottom++ // never past the first
	}
	p.at = max(p.first(m), min(p.at, p.bottom))
	if p.first(m) == 0 {
		return p.older(m)
	}
	return nil
}

// pointer scrolls, and opens the entry that is hit.
func (p *logPage) pointer(m *model, e pointer) tea.Cmd {
	p.refresh(m)
	switch {
	case e.what == pointerWheel:
		return p.scroll(m, e.wheel)
	case e.what == pointerPress:
		if of := p.window(m); e.y >= 0 && e.y < len(of) && of[e.y] >= 0 {
			if p.follow {
				p.tail(false)
			}
			p.at = of[e.y]
			return m.push(&entryBox{entry: *p.shown[p.at]})
		}
	}
	return nil
}

// held are the entries at the foot of the screen and under the choice; hold
// brings them back there.
func (p *logPage) held() (foot, chosen *logEntry) {
	if p.follow || p.bottom >= len(p.shown) || p.bottom < 0 {
		return nil, nil
	}
	return p.shown[p.bottom], p.chosen()
}

func (p *logPage) hold(foot, chosen *logEntry) {
	for i, o := range p.shown {
		if o == foot {
			p.bottom = i
		}
		if o == chosen {
			p.at = i
		}
	}
	p.at = max(0, min(p.at, p.bottom))
}

// chosen is the entry that opens in full: the newest while following.
func (p *logPage) chosen() *logEntry {
	at := p.at
	if p.follow {
		at = len(p.shown) - 1
	}
	if at < 0 || at >= len(p.shown) {
		return nil
	}
	return p.shown[at]
}
