package tui

import (
	"cmp"
	"errors"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"rosey/bus/room"
	"rosey/config"
	"rosey/migrate"
)

// Leaving before anything is written and coming back in another run of the
// program: the step and what was chosen lie on disk, but for secrets.

// A draftKeeper writes the last draft that it was given, one after the other.
type draftKeeper struct {
	mu   sync.Mutex
	next func() error // not begun yet; of several the last
	err  error        // of the last one

	writing sync.Mutex
}

// keep has a draft written, or removed, beside the console, which waits for it
// at its end.
func (k *draftKeeper) keep(m *model, do func() error) {
	k.mu.Lock()
	k.next = do
	k.mu.Unlock()
	m.deps.busy.Go(k.flush)
}

// flush returns when everything that was given is written. It blocks.
func (k *draftKeeper) flush() {
	k.writing.Lock()
	defer k.writing.Unlock()
	k.mu.Lock()
	do := k.next
	k.next = nil
	k.mu.Unlock()
	if do == nil {
		return
	}
	err := do()
	k.mu.Lock()
	k.err = err
	k.mu.Unlock()
}

func (k *draftKeeper) trouble() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.err
}

// keep writes down where the person stands and what they chose, once that is
// more than having opened the wizard.
func (p *wizardPage) keep(m *model) {
	if p.plan == nil || !p.plan.Due() || p.written() || p.step > wizardApply || p.step == wizardFile && p.left == nil {
		return
	}
	d := migrate.Draft{File: p.file.path, Hash: p.plan.Hash, Step: stepName(p.step)}
	if c := p.choices; c.made {
		d.Decisions, d.Withheld = c.decisions(), c.withheld()
	}
	if last := p.left; last != nil {
		d.At = last.At
		if reflect.DeepEqual(d, *last) {
			return
		}
	}
	d.At = m.now
	p.left = &d
	dir := m.opts.Migration.StateDir
	p.keeper.keep(m, func() error { return d.Save(dir) })
}

func stepName(step wizardStep) string { return strings.ToLower(wizardNames[step]) }

// draftStep is the step of a draft; the first for a word that there is not.
func draftStep(d *migrate.Draft) wizardStep {
	for step := wizardFile; step <= wizardApply; step++ {
		if stepName(step) == d.Step {
			return step
		}
	}
	return wizardFile
}

// goOn goes on with what was begun, as far as the file is still the same.
func (p *wizardPage) goOn(m *model, d *migrate.Draft) tea.Cmd {
	p.left = d
	p.choices.make()
	lost := p.choices.fill(d)
	when, step := m.dateTime(d.At, true), draftStep(d)
	notice := "You go on where you left on " + when + "."
	switch {
	case d.Hash != p.plan.Hash && step > wizardFile:
		step = wizardKeys
		notice = room.Clean(filepath.Base(p.plan.Path)) + " was changed since " + when + ", when you were here last: look at its keys again. What you chose is still chosen."
	case len(lost) > 0 && step >= wizardChoices:
		step = wizardChoices
		notice += " What lets you in is not kept: type the " + strings.Join(lost, " and the ") + " again."
	}
	arrive := func(m *model) tea.Cmd {
		cmd := p.to(m, step)
		p.notice = notice
		return cmd
	}
	if step <= wizardChoices {
		return arrive(m)
	}
	return p.choices.decide(m, arrive)
}

// mayAnew tells whether there is something to forget.
func (p *wizardPage) mayAnew() bool {
	return p.left != nil && p.step <= wizardApply && !p.written() && !p.apply.running
}

// anew forgets what was chosen, here and on disk.
func (p *wizardPage) anew(m *model) tea.Cmd {
	dir, file := m.opts.Migration.StateDir, p.file.path
	p.left = nil
	p.keeper.keep(m, func() error { return migrate.RemoveDraft(dir, file) })
	p.to(m, wizardFile)
	first := cmp.Or(m.opts.Migration.File, file)
	p.file.field.edit.set(room.Clean(first))
	return p.file.read(m, first, func(m *model) tea.Cmd {
		p.notice = "You begin anew: what was chosen is forgotten."
		return nil
	})
}

// notices stand over the step until another one is come to.
func (p *wizardPage) notices(m *model, w int) []string {
	var rows []string
	if p.notice != "" {
		rows = m.marked(m.styles.accent.paint("↻ "), m.styles.text, p.notice, w)
		if p.mayAnew() {
			rows = m.marked(m.styles.accent.paint("↻ "), m.styles.text, p.notice+" "+m.keys.Wizard.Anew.Help().Key+" begins anew.", w)
		}
	}
	if err := p.keeper.trouble(); err != nil && p.step <= wizardApply {
		rows = append(rows, m.marked(m.styles.warn.paint("! "), m.styles.text, "What you choose is lost when you leave: "+room.Clean(err.Error()), w)...)
	}
	if len(rows) > 0 {
		rows = append(rows, "")
	}
	return rows
}

// anewKey acts on the key that begins anew.
func (p *wizardPage) anewKey(m *model, msg tea.KeyPressMsg) (tea.Cmd, bool) {
	if !key.Matches(msg, m.keys.Wizard.Anew) || !p.mayAnew() {
		return nil, false
	}
	return p.anew(m), true
}

// findDraft finds what was begun with the file of r and left; with others, and
// where there is nothing to do with that file, what was begun last with any.
func (r *wizardReading) findDraft(o *Migration, others bool) {
	if r.plan != nil && r.plan.Due() {
		r.draft, r.draftErr = migrate.FindDraft(o.StateDir, r.path)
		if errors.Is(r.draftErr, migrate.ErrNoDraft) {
			r.draftErr = nil
		}
		return
	}
	if r.record != nil || !others {
		return
	}
	d, err := migrate.FindDraft(o.StateDir, "")
	if err != nil {
		return // there is none, and none was asked for
	}
	if plan, err := migrate.Read(d.File, o.Output); err == nil && plan.Due() {
		r.path, r.plan, r.draft = d.File, plan, d
	}
}

// fill chooses what was chosen in another run, and tells what is to be typed
// again.
func (c *wizardChoicesPart) fill(d *migrate.Draft) (lost []string) {
	set := func(c *wizardChoice, text string) { c.field.edit.set(room.Clean(text)) }
	if n := d.Decisions.NATS; n != nil && n.Embedded == config.EmbeddedNo {
		c.nats.word = 1
		set(c.url, n.URL)
		set(c.user, n.User)
		set(c.password, n.Password.Reveal()) // of this run: no other has it
		set(c.token, n.Token.Reveal())
		set(c.passwordFile, n.PasswordFile)
		set(c.creds, n.Creds)
		set(c.nkey, n.NKey)
		set(c.ca, n.TLS.CA)
		set(c.cert, n.TLS.Cert)
		set(c.priv, n.TLS.Key)
	} else if n != nil {
		set(c.own, strings.TrimPrefix(n.URL, natsScheme))
	}
	if d.Decisions.Database != "" {
		set(c.database, d.Decisions.Database)
	}
	if on := d.Decisions.Shell; on != nil {
		c.shell.word = 1
		if *on {
			c.shell.word = 0
		}
	}
	for _, u := range c.unknown {
		if slices.Contains(d.Decisions.Leave, u.label) {
			u.word = 1
		}
	}
	for i, e := range c.entries() {
		if e.lost = slices.Contains(d.Withheld, c.withheldKey(e)); !e.lost {
			continue
		}
		if len(lost) == 0 {
			c.at = i
		}
		lost = append(lost, e.label)
	}
	return lost
}

// withheldKey is the config's key of what may be withheld.
func (c *wizardChoicesPart) withheldKey(e *wizardChoice) string {
	switch e {
	case c.url, c.own:
		return "url"
	case c.password:
		return "password"
	case c.token:
		return "token"
	}
	return ""
}

// withheldLabels are what is still to be typed again, as the form calls it.
func (c *wizardChoicesPart) withheldLabels() (labels []string) {
	for _, e := range c.entries() {
		if e.lost && e.field.edit.empty() {
			labels = append(labels, e.label)
		}
	}
	return labels
}

// withheld are the keys that are still to be typed again.
func (c *wizardChoicesPart) withheld() []string {
	var keys []string
	for _, e := range c.entries() {
		if e.lost && e.field.edit.empty() {
			keys = append(keys, c.withheldKey(e))
		}
	}
	return keys
}
