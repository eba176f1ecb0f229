package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
)

// A view is one of the screens that the F-keys open: what lies between the
// header with its rule and the row of hints. A view is a plain struct in a
// file of its own, and a row in viewTable.
type view interface {
	// size tells the cells that the view has to fill.
	size(w, h int)
	// draw gives exactly h rows of exactly w cells.
	draw(m *model) []string
	// key acts on a key that no dialog and no key of everywhere has taken.
	key(m *model, msg tea.KeyPressMsg) tea.Cmd
	// pointer acts on the mouse; x and y of the event are the view's own.
	pointer(m *model, e pointer) tea.Cmd
	// want asks for what the view shows and does not hold. It is called when
	// the view is opened and once a second while it is shown.
	want(m *model) tea.Cmd
	// hints are the keys of use now, the most useful first.
	hints(m *model) []key.Binding
	// help is all the keys that the view has, for the help.
	help(m *model) []keyGroup
}

// A typist is a view with a line under edit.
type typist interface {
	// cursor is where the terminal's cursor belongs, in the view's own cells;
	// ok is false while nothing is typed.
	cursor(m *model) (x, y int, ok bool)
	// paste takes what was pasted.
	paste(m *model, text string) tea.Cmd
}

// viewID says which view.
type viewID int

const (
	viewRoom viewID = iota
	viewPlaylist
	viewPeople
	viewBus
	viewStorage
	viewLog
	viewShell
	viewMigration
)

// viewTable is every view: its title, the key that opens it with the twin for
// terminals that eat F-keys, and how it is made.
var viewTable = []struct {
	id         viewID
	title      string
	help, what string
	keys       []string
	make       func() view
}{
	{viewRoom, "Room", "F2", "room", []string{"f2", "alt+r"}, func() view { return &roomPage{} }},
	{viewPlaylist, "Playlist", "F3", "playlist", []string{"f3", "alt+p"}, func() view { return &playlistPage{} }},
	{viewPeople, "People", "F4", "people", []string{"f4", "alt+u"}, func() view { return newPeoplePage() }},
	{viewBus, "Bus", "F5", "bus", []string{"f5", "alt+w"}, func() view { return newBusPage() }},
	{viewStorage, "Storage", "F6", "storage", []string{"f6", "alt+s"}, func() view { return &storagePage{} }},
	{viewLog, "Log", "F7", "log", []string{"f7", "alt+l"}, func() view { return newLogPage() }},
	{viewShell, "Shell", "F8", "shell", []string{"f8", "alt+c"}, func() view { return &shellPage{} }},
	{viewMigration, "Migration", "F9", "migration", []string{"f9", "alt+m"}, func() view { return newWizardPage() }},
}

// open shows a view and asks for what it wants.
func (m *model) open(id viewID) tea.Cmd {
	m.shown = id
	m.arrange()
	return m.view().want(m)
}

// view is the one that is shown.
func (m *model) view() view { return m.views[m.shown] }

// makeViews makes one of each.
func makeViews() []view {
	out := make([]view, len(viewTable))
	for _, row := range viewTable {
		out[row.id] = row.make()
	}
	return out
}

// viewKeys are the bindings that open views, in the order of viewTable.
func viewKeys() []key.Binding {
	out := make([]key.Binding, len(viewTable))
	for i, row := range viewTable {
		out[i] = bind(row.help, row.what, row.keys...)
	}
	return out
}
