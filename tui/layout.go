package tui

// The least screen on which the console is of use.
const (
	minWidth  = 40
	minHeight = 8
)

// Widths and heights at which the room view changes its shape.
const (
	wideWidth   = 160 // room, users and the detail pane, or two rooms and users
	widestWidth = 240 // two rooms, users and the detail pane
	usersWidth  = 100 // room and users
	narrowWidth = 70  // room and narrow users; below it users replace the chat
	mediaHeight = 30  // below it the media bar folds into the rule
)

// A rect is a part of the screen, in cells.
type rect struct{ x, y, w, h int }

// below is r without its first row.
func (r rect) below() rect { return rect{r.x, r.y + 1, r.w, max(0, r.h-1)} }

func (r rect) contains(x, y int) bool {
	return x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h
}

// A layout says where everything is; nothing else knows. A part that is not
// shown has no width or no height.
type layout struct {
	w, h   int
	tiny   bool // too small for anything but saying so
	header rect
	media  rect
	top    rect // the rule under the header
	body   rect // the view
	hint   rect

	// Of the room's view. Two rooms side by side have a title each, over their
	// chat, and an input line each; without the names of another they belong
	// to the room that has the focus.
	chat, chatTitle   rect
	other, otherTitle rect // of the room beside
	users             rect
	detail            rect
	bottom            rect // the rule over the input
	input, otherInput rect
	dividers          []divider
}

// layoutWants are what the person chose for the room's view.
type layoutWants struct {
	users  bool // beside the chat, or on a narrow screen instead of it
	widths paneWidths
	split  bool // two rooms side by side
	right  bool // the one to the right has the focus
}

// arrange lays the screen out on w by h cells.
func arrange(w, h int, want layoutWants) layout {
	l := layout{w: w, h: h}
	if w < minWidth || h < minHeight {
		l.tiny = true
		return l
	}
	y := 0
	row := func() rect {
		r := rect{0, y, w, 1}
		y++
		return r
	}
	l.header = row()
	if h >= mediaHeight {
		l.media = row()
	}
	l.top = row()
	l.body = rect{0, y, w, h - y - 1}
	body := rect{0, y, w, h - y - 3}
	y += body.h
	l.bottom, l.input, l.hint = row(), row(), row()

	l.chat = body
	l.panes(want)
	return l
}

// panes parts the chat among what stands beside one another.
func (l *layout) panes(want layoutWants) {
	w, two := l.w, want.split && l.w >= wideWidth
	rooms, most := minRoom, w/2
	if two {
		rooms, most = 2*minRoom+1, w/4
	}
	users := func(usual int) {
		l.users = l.cut(dragged(want.widths.Users, usual, minUsers, min(most, l.chat.w-rooms-1)), usersDivider)
	}
	switch {
	case !want.users:
	case w >= wideWidth:
		if !two || w >= widestWidth {
			l.detail = l.cut(dragged(want.widths.Detail, detailWidth(w, two), minDetail, w/2-minUsers), detailDivider)
		}
		users(min(max(26, w/7), 34))
	case w >= usersWidth:
		users(28)
	case w >= narrowWidth:
		users(20)
	default:
		l.users, l.chat = l.chat, rect{}
	}
	if two {
		l.halve(want)
	}
}

// detailWidth is the detail pane's on a screen of w cells: about a third, so
// that titles and texts find room, and the chat still has the most. Beside two
// rooms it is no wider than it needs to be.
func detailWidth(w int, two bool) int {
	if two {
		return min(max(48, w/5), 56)
	}
	return min(max(48, w*3/10), 84)
}

// halve makes two rooms of the chat. A room keeps its side, whichever has the
// focus: l.chat is the one that has it.
func (l *layout) halve(want layoutWants) {
	w := l.chat.w - 1
	l.other = l.cut(w-want.widths.leftOf(w), roomsDivider)
	l.chatTitle, l.otherTitle = rect{0, l.chat.y, l.chat.w, 1}, rect{l.other.x, l.other.y, l.other.w, 1}
	l.chat, l.other = l.chat.below(), l.other.below()
	l.otherInput = rect{l.other.x, l.input.y, l.w - l.other.x, 1}
	l.input.w = l.chat.w
	if want.right {
		l.chat, l.other = l.other, l.chat
		l.chatTitle, l.otherTitle = l.otherTitle, l.chatTitle
		l.input, l.otherInput = l.otherInput, l.input
	}
}

// cut takes w cells off the right of the chat, and one more for the divider.
func (l *layout) cut(w int, of dividerKind) rect {
	r := &l.chat
	cut := rect{r.x + r.w - w, r.y, w, r.h}
	r.w -= w + 1
	l.dividers = append(l.dividers, divider{cut.x - 1, of})
	return cut
}
