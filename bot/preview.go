package bot

import (
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

const (
	// previewLife is how long what was shown may be confirmed.
	previewLife = 2 * time.Minute
	// maxPreviews bounds those that wait; the oldest goes first.
	maxPreviews = 64
)

// A preview is a bulk command that was shown and waits to be confirmed.
type preview struct {
	token  string
	by     string // folded operator
	cmd    *command
	words  []string
	plan   *plan
	expire time.Time
}

// previews are those of one room.
type previews struct {
	mu   sync.Mutex
	list []*preview
}

func newPreviews() *previews { return &previews{} }

func (p *previews) put(v *preview) {
	p.mu.Lock()
	defer p.mu.Unlock()
	v.token = strings.ToLower(rand.Text()[:6])
	v.expire = time.Now().Add(previewLife)
	p.list = append(p.list, v)
	if len(p.list) > maxPreviews {
		p.list = slices.Delete(p.list, 0, 1)
	}
}

// take gives what a token stands for, once.
func (p *previews) take(token, by string) (*preview, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list = slices.DeleteFunc(p.list, func(v *preview) bool { return time.Now().After(v.expire) })
	for i, v := range p.list {
		if v.token == strings.ToLower(token) && v.by == by {
			p.list = slices.Delete(p.list, i, i+1)
			return v, nil
		}
	}
	return nil, errors.New("nothing waits to be confirmed by that word any more: ask anew")
}

// find looks at what a token stands for and leaves it.
func (p *previews) find(token, by string) *preview {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, v := range p.list {
		if v.token == strings.ToLower(token) && v.by == by && time.Now().Before(v.expire) {
			return v
		}
	}
	return nil
}

// ask answers with a preview where one is due: for a dry run, and for a bulk
// command that was not confirmed. A confirmed one goes on with the plan that
// was shown, so it acts on exactly those targets, or on those of them that Only
// names. stop says that o is the answer.
func (b *switchboard) ask(r *request, p *plan) (chosen []int, o outcome, stop bool) {
	all := make([]int, len(p.targets))
	for i := range all {
		all[i] = i
	}
	switch {
	case r.DryRun:
		return nil, p.show("would "+p.does+"; nothing was done", ""), true
	case !r.cmd.Bulk:
		return all, outcome{}, false
	case len(p.targets) == 0:
		return nil, outcome{status: bus.StatusDone, text: "nothing was done: " + p.none}, true
	case r.Confirm == "":
		v := &preview{by: room.Fold(r.operator), cmd: r.cmd, words: r.Args, plan: p}
		b.previews.put(v)
		return nil, p.show("would "+p.does, v.token), true
	}
	v, err := b.previews.take(r.Confirm, room.Fold(r.operator))
	if err == nil && (v.cmd != r.cmd || !slices.Equal(v.words, r.Args)) {
		err = errors.New("that word confirms another command: ask anew")
	}
	if err != nil {
		return nil, refusedBy(err), true
	}
	*p = *v.plan
	for i, t := range p.targets {
		if len(r.Only) == 0 || slices.Contains(r.Only, t) {
			chosen = append(chosen, i)
		}
	}
	if len(chosen) == 0 {
		return nil, refusedWith("none of the things named was in the preview: nothing was done"), true
	}
	return chosen, outcome{}, false
}

func (p *plan) show(text, token string) outcome {
	o := outcome{status: bus.StatusPreview, text: text, targets: p.targets, confirm: token}
	if len(o.targets) == 0 && p.target != "" {
		o.targets = []string{p.target}
	}
	return o
}
