package tui

import (
	"context"
	"fmt"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/config"
	"rosey/migrate"
)

// Migration is what the wizard of F9 works with.
type Migration struct {
	File      string             // the config to begin with; empty: none was found
	Output    string             // write there instead of in File's place
	NoBackup  bool               //
	Databases *migrate.Databases // nil leaves the database out
	Soak      time.Duration      // how long it must run without issues; 0: an hour
	StateDir  string             // empty: rosey's XDG state folder

	// Running are the services that the console shows from the start; nil while
	// there are none yet.
	Running *Services

	// Start starts the services of a config, or with own false attaches to
	// those that run, and tells its steps to say. Whoever gave it stops what it
	// started when the console has ended.
	Start func(file string, own bool, say func(line string)) (*Services, error)
}

// Services are running services and our connection to them.
type Services struct {
	Conn   *bus.Conn
	Config *config.Config
	// Stop stops them before the console ends; nil where they run elsewhere.
	Stop func(context.Context) error
	// Hosts names those that end with the console.
	Hosts []string
}

// wizardStep is where the wizard stands.
type wizardStep int

const (
	wizardFile wizardStep = iota
	wizardKeys
	wizardChoices
	wizardDiff
	wizardApply
	wizardStart
	wizardVerify
	wizardDone
	wizardBack // beside the way: what taking it back would bring
)

// A wizardPart is one step.
type wizardPart interface {
	// open is called when the step is come to.
	open(m *model) tea.Cmd
	// rows are what there is to see, made for w cells.
	rows(m *model, w int) []string
	// next is what enter does, in words; nothing while they are empty.
	next(m *model) (words string, run func(*model) tea.Cmd)
	// key acts on a key of its own; false when it is none.
	key(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool)
	// keys are those, for the hints.
	keys(m *model) []key.Binding
}

// A wizardPage is F9: a config's way from version 1 to version 2, and back. It
// keeps its state while the console runs; what outlives that (what was chosen,
// what was done, the hour without issues) is on disk, and is found again by the
// file's name.
type wizardPage struct {
	w, h  int
	step  wizardStep
	from  wizardStep // where wizardBack was come to from
	begun bool
	roll  scroller
	caret *tea.Position // of the line under edit, in the part's rows; nil: none
	parts [wizardBack + 1]wizardPart

	head    int    // rows over those of the part
	spots   []spot // where a click does something
	trailed []span // where the trail's steps stand
	notice  string // over the part until another one is come to

	keeper draftKeeper
	left   *migrate.Draft // what is on disk of this migration; nil: nothing

	// What the steps share.
	file     *wizardFilePart
	choices  *wizardChoicesPart
	apply    *wizardApplyPart
	undo     *wizardBackPart
	plan     *migrate.Plan    // of the file, with what was decided
	outcome  *migrate.Outcome // what was written, if it was in this run
	record   *migrate.Record  // of the migration, once there was one
	services *Services
	checks   *wizardVerifyPart
}

func newWizardPage() *wizardPage {
	p := &wizardPage{}
	p.file, p.checks, p.undo = newWizardFilePart(p), &wizardVerifyPart{page: p}, &wizardBackPart{page: p}
	p.parts = [...]wizardPart{
		wizardFile: p.file, wizardKeys: &wizardKeysPart{p}, wizardDiff: &wizardDiffPart{page: p},
		wizardVerify: p.checks, wizardDone: &wizardDonePart{p}, wizardBack: p.undo,
	}
	p.take(wizardReading{})
	return p
}

// take begins anew with what was read from a file.
func (p *wizardPage) take(r wizardReading) {
	p.plan, p.record, p.outcome = r.plan, r.record, nil
	p.apply = &wizardApplyPart{page: p}
	p.choices = &wizardChoicesPart{page: p}
	p.parts[wizardChoices] = p.choices
	p.parts[wizardApply] = p.apply
	p.parts[wizardStart] = &wizardStartPart{page: p}
}

func (p *wizardPage) part() wizardPart { return p.parts[p.step] }

// to goes to a step.
func (p *wizardPage) to(m *model, step wizardStep) tea.Cmd {
	p.step, p.roll, p.notice = step, scroller{}, ""
	cmd := p.part().open(m)
	p.keep(m)
	return cmd
}

// going is to as what enter does.
func (p *wizardPage) going(step wizardStep) func(*model) tea.Cmd {
	return func(m *model) tea.Cmd { return p.to(m, step) }
}

// The least screen on which the wizard is of use.
const (
	wizardWidth  = 70
	wizardHeight = 20
)

// fits tells whether there is room for the wizard.
func (p *wizardPage) fits(m *model) bool { return m.w >= wizardWidth && m.h >= wizardHeight }

func (p *wizardPage) size(w, h int) {
	p.choices.follow = p.choices.follow || p.w != w || p.h != h
	p.w, p.h = w, h
}

// want reads the file that was given once the wizard is looked at, and later
// tries what was typed.
func (p *wizardPage) want(m *model) tea.Cmd {
	if m.opts.Migration == nil {
		return nil
	}
	if p.begun {
		if p.step == wizardChoices {
			return p.choices.rest(m)
		}
		return nil
	}
	p.begun = true
	return p.file.begin(m)
}

func (p *wizardPage) key(m *model, msg tea.KeyPressMsg) tea.Cmd {
	k := m.keys.Wizard
	if m.opts.Migration == nil || !p.fits(m) {
		if key.Matches(msg, k.Back) {
			return m.open(viewRoom)
		}
		return nil
	}
	if cmd, done := p.anewKey(m, msg); done {
		return cmd
	}
	if cmd, done := p.part().key(m, msg); done {
		return cmd
	}
	switch {
	case key.Matches(msg, k.Next):
		if words, run := p.part().next(m); words != "" {
			return run(m)
		}
	case key.Matches(msg, k.Back):
		return p.goBack(m)
	case key.Matches(msg, k.Undo) && p.mayUndo():
		p.from = p.step
		return p.to(m, wizardBack)
	default:
		p.roll.key(m, msg)
	}
	return nil
}

// goBack goes a step back as long as nothing is written, and leaves the view
// otherwise: what was begun goes on.
func (p *wizardPage) goBack(m *model) tea.Cmd {
	switch {
	case p.step == wizardBack && p.undo.out != nil:
		return p.again(m)
	case p.step == wizardBack:
		return p.to(m, p.from)
	case p.mayGoBack():
		return p.to(m, p.step-1)
	}
	return m.open(viewRoom)
}

// mayGoBack tells whether there is a step to go back to: until something is
// written.
func (p *wizardPage) mayGoBack() bool {
	return p.step > wizardFile && p.step <= wizardApply && !p.apply.running && !p.written()
}

// written tells whether the config has been replaced, and can be taken back.
func (p *wizardPage) written() bool { return p.record != nil && p.record.RolledBack.IsZero() }

func (p *wizardPage) mayUndo() bool {
	return p.written() && p.step >= wizardApply && p.step != wizardBack && p.record.Backup != "" && p.record.File == p.record.Source
}

// result is the file that holds the migrated config.
func (p *wizardPage) result(m *model) string {
	if out := m.opts.Migration.Output; out != "" {
		return out
	}
	return p.file.path
}

func (p *wizardPage) hints(m *model) []key.Binding {
	k := m.keys.Wizard
	var hints []key.Binding
	if m.opts.Migration != nil && p.fits(m) {
		if words, _ := p.part().next(m); words != "" {
			hints = append(hints, k.Next)
		}
		hints = append(hints, p.part().keys(m)...)
		if p.mayUndo() {
			hints = append(hints, k.Undo)
		}
	}
	if p.mayAnew() {
		return append(hints, k.Back, k.Anew, m.keys.Help, m.keys.Palette)
	}
	return append(hints, k.Back, m.keys.Palette, m.keys.Help)
}

func (p *wizardPage) help(m *model) []keyGroup {
	k := m.keys.Wizard
	return []keyGroup{
		{"Migration", []key.Binding{k.Next, k.Back, k.Undo, k.Anew, k.Complete, k.NextRow, k.PrevRow, k.Turn, k.Full}},
		{"Scroll", m.keys.Figures.rolling(m.keys)},
	}
}

// draw is the way, the step under it, and at the foot what enter does.
func (p *wizardPage) draw(m *model) []string {
	s := m.styles
	switch {
	case m.opts.Migration == nil:
		return m.page([]string{"", "  " + s.muted.paint("A made-up room has nothing to migrate: `rosey migrate FILE` does it.")}, p.w, p.h)
	case !p.fits(m):
		text := fmt.Sprintf("The migration needs %dx%d, this is %dx%d. Make the window larger, or see it without: rosey migrate FILE --dry-run", wizardWidth, wizardHeight, m.w, m.h)
		return m.page(append([]string{""}, indent(m.wrapped(s.warn, text, p.w-4))...), p.w, p.h)
	}
	p.caret = nil
	p.roll.stale()
	rows := p.roll.draw(m, p.w, p.h-wizardFoot, 0, func(m *model) (head, rows []string) {
		p.spots = nil
		head = indent(append([]string{p.trail(m, p.w-2), ""}, p.notices(m, p.w-4)...))
		p.head = len(head)
		return head, indent(p.part().rows(m, p.w-4))
	})
	return append(rows, m.page([]string{"", p.foot(m)}, p.w, wizardFoot)...)
}
