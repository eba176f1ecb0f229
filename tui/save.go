package tui

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
	"rosey/bus/room"
)

// savedMsg says where something was saved, or why it was not.
type savedMsg struct {
	what  string
	paths []string
	err   error
}

func (m *model) saved(msg savedMsg) {
	text := msg.what + " saved: "
	for i, path := range msg.paths {
		if i > 0 {
			path = "and " + filepath.Ext(path)
		}
		text += path + " "
	}
	text = strings.TrimRight(text, " ")
	if msg.err != nil {
		text = msg.what + " not saved: " + room.Clean(msg.err.Error())
	}
	m.status = text
	if v := m.room(); v != nil {
		v.local(m.now, text)
	}
}

// saveEvidence saves the selected line with what stands around it, as Markdown
// and as JSON.
func (m *model) saveEvidence() tea.Cmd {
	v := m.room()
	if v == nil || len(v.chat.lines) == 0 {
		m.status = "there is nothing to save"
		return nil
	}
	e := collectEvidence(v, m.opts.Operator, m.now)
	m.status = "saving …"
	q := bus.ActionsQuery{Room: v.name, Target: e.Person, Limit: 50}
	ask, dir := m.deps.ask, m.opts.DataDir
	name := fileName(v.name+" "+e.Person) + m.now.UTC().Format("-20060102-150405")
	return func() tea.Msg {
		var reply bus.ActionsReply
		e.audit(reply, ask(bus.SubjectActions, q, &reply))
		e.seal()
		asJSON, err := e.json()
		if err != nil {
			return savedMsg{what: "evidence", err: err}
		}
		paths, err := saveFiles(filepath.Join(dir, "evidence"), name, map[string][]byte{".md": []byte(e.markdown()), ".json": asJSON})
		return savedMsg{"evidence", paths, err}
	}
}

// savePicture saves the screen as it is as text, ANSI and SVG.
func (m *model) savePicture() tea.Cmd {
	screen, title, by, dir := m.draw().Content, m.draw().WindowTitle, m.by, m.opts.DataDir
	name := "screen" + m.now.UTC().Format("-20060102-150405")
	return func() tea.Msg {
		paths, err := saveFiles(filepath.Join(dir, "pictures"), name, map[string][]byte{
			".txt": []byte(plainPicture(screen)), ".ansi": []byte(ansiPicture(screen)), ".svg": []byte(svgPicture(screen, title, by)),
		})
		return savedMsg{"picture", paths, err}
	}
}

// saveFiles writes one file for each ending into dir, which is made where there
// is none; only its owner can read them. A name that is taken gets a number.
func saveFiles(dir, name string, files map[string][]byte) ([]string, error) {
	if dir == "" || !filepath.IsAbs(dir) {
		return nil, errors.New("save file: there is no data folder; set HOME or XDG_DATA_HOME")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	var paths []string
	for _, end := range []string{".txt", ".ansi", ".svg", ".md", ".json"} {
		data, ok := files[end]
		if !ok {
			continue
		}
		path, err := saveNew(filepath.Join(dir, name), end, data)
		if err != nil {
			return paths, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// saveNew writes a file that was not there before.
func saveNew(base, end string, data []byte) (string, error) {
	for n := 1; ; n++ {
		path := base + end
		if n > 1 {
			path = fmt.Sprintf("%s-%d%s", base, n, end)
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) && n < 100 {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("save file: %w", err)
		}
		_, err = f.Write(data)
		if err = errors.Join(err, f.Close()); err != nil {
			return "", fmt.Errorf("save file: %w", err)
		}
		return path, nil
	}
}

// fileName is text as a part of a file's name: letters, digits and - alone.
func fileName(text string) string {
	clean := strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_':
			return c
		}
		return '-'
	}, text)
	return clip(strings.Trim(clean, "-"), 60)
}
