package tui

// The least screen on which the console is of use.
const (
	minWidth  = 40
	minHeight = 8
)

// Widths and heights at which the room view changes its shape.
const (
	wideWidth   = 160 // room, users and the queue
	usersWidth  = 100 // room and users
	narrowWidth = 70  // room and narrow users; below it users replace the chat
	mediaHeight = 30  // below it the media bar folds into the rule
)

// A rect is a part of the screen, in cells.
type rect struct{ x, y, w, h int }

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

	// Of the room's view.
	chat   rect
	users  rect
	queue  rect
	bottom rect // the rule over the input
	input  rect
}

// arrange lays the screen out on w by h cells. wantUsers is what the person
// chose: whether users are shown beside the chat or, on a narrow screen,
// instead of it, and how wide they are beside it (0: as fits the screen).
func arrange(w, h int, wantUsers bool, users int) layout {
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
	switch {
	case !wantUsers:
	case w >= wideWidth:
		l.queue = beside(&l.chat, min(48, w*3/10))
		l.users = beside(&l.chat, dragged(users, 26, w))
	case w >= usersWidth:
		l.users = beside(&l.chat, dragged(users, 28, w))
	case w >= narrowWidth:
		l.users = beside(&l.chat, dragged(users, 20, w))
	default:
		l.users, l.chat = body, rect{}
	}
	return l
}

// minUsers is the least width of the users' pane.
const minUsers = 12

// dragged is the width that the person chose, within reason, or the usual one.
func dragged(chosen, usual, w int) int {
	if chosen == 0 {
		return usual
	}
	return max(minUsers, min(chosen, w/2))
}

// beside cuts w cells off the right of r, one more for the divider.
func beside(r *rect, w int) rect {
	cut := rect{r.x + r.w - w, r.y, w, r.h}
	r.w -= w + 1
	return cut
}
