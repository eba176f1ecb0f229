package tui

import (
	"cmp"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rosey/bus"
)

// A command is a line that begins with a slash and is ours.
type command struct {
	name, args, what string
	run              func(m *model, v *channel, rest string) (cmd tea.Cmd, wrong string)
}

// commands is every command there is, for entering, completing and the help.
// It is a function because the commands themselves reach it.
func commands() []command {
	return []command{
		{"say", "TEXT", "say it as it is", runSay},
		{"me", "TEXT", "say what you do", runMe},
		{"sp", "TEXT", "say it under a spoiler", runSpoiler},
		{"afk", "[on|off]", "let the bot be away, or back", runAFK},
		{"pm", "USER TEXT", "send a private message", runPM},
		{"who", "USER", "the card of a person", runWho},
		{"undo", "", "take the last command back", runUndo},
		{"theme", "[NAME]", "choose a theme", runTheme},
		{"clear", "", "empty your own screen; /clearall is for everyone", runClear},
		{"clearall", "", "clear the chat for everyone in the room", runClearAll},
		{"help", "", "keys and commands", runHelp},
		{"quit", "", "leave the console", runQuit},
		{"exit", "", "leave the console", runQuit},
	}
}

// ours tells whether a name is one of our own commands.
func ours(name string) bool {
	for _, c := range commands() {
		if c.name == name {
			return true
		}
	}
	return false
}

// refuse says why a line was not taken. The line goes, lest the next one be
// typed behind it, and comes again as what was entered last.
func (m *model) refuse(v *channel, why string) tea.Cmd {
	m.status = why
	if !v.edit.empty() {
		v.edit.sent()
		if m.w > 0 { // the plain console has no line to bring back
			m.status += " · " + m.keys.HistoryPrev.Help().Key + " brings it back"
		}
	}
	return nil
}

// enter acts on the input line. One that was not understood is refused.
func (m *model) enter(v *channel) tea.Cmd {
	text := strings.TrimSpace(v.edit.value())
	switch {
	case text == "":
		return nil
	case strings.HasPrefix(text, "//"):
		return m.say(v, text) // the bot takes the second slash away
	case !strings.HasPrefix(text, "/"):
		return m.say(v, text)
	}
	name, rest, _ := strings.Cut(text[1:], " ")
	for _, c := range commands() {
		if c.name != strings.ToLower(name) {
			continue
		}
		cmd, wrong := c.run(m, v, strings.TrimSpace(rest))
		if wrong != "" {
			return m.refuse(v, wrong)
		}
		return cmd
	}
	if info, ok := v.command(name); ok {
		return m.command(v, info, rest)
	}
	if !v.tree.known {
		return m.refuse(v, "the bot's commands are not known yet, so nothing was sent · "+cmp.Or(v.tree.trouble(), "a moment"))
	}
	return m.refuse(v, fmt.Sprintf("/%s is no command here, so it was not sent · //%s sends it as text · /help", name, name))
}

// command does one of the bot's commands as it was typed. The line goes only
// when it was taken.
func (m *model) command(v *channel, info bus.CommandInfo, rest string) tea.Cmd {
	words, err := info.SplitCommand(rest)
	if err != nil {
		return m.refuse(v, err.Error())
	}
	cmd, wrong := m.confirmCommand(v, info, words)
	if wrong != "" {
		return m.refuse(v, wrong)
	}
	v.edit.sent()
	return cmd
}

func (m *model) say(v *channel, text string) tea.Cmd {
	return m.postTyped(v, "say", text)
}

// postTyped sends what is in the input line, as verb and args put it, and
// clears the line.
func (m *model) postTyped(v *channel, verb string, args ...string) tea.Cmd {
	cmd, ok := m.post(v, outgoing{verb: verb, args: args, typed: v.edit.value()})
	if ok {
		v.edit.sent()
	}
	return cmd
}

func runMe(m *model, v *channel, rest string) (tea.Cmd, string) {
	if rest == "" {
		return nil, "/me needs a text"
	}
	return m.say(v, "/me "+rest), ""
}

func runSpoiler(m *model, v *channel, rest string) (tea.Cmd, string) {
	if rest == "" {
		return nil, "/sp needs a text"
	}
	return m.say(v, "/sp "+rest), ""
}

// runAFK is the bot's own afk, which takes on and off; a bot without one is told
// as CyTube is.
func runAFK(m *model, v *channel, rest string) (tea.Cmd, string) {
	if info, ok := v.command("afk"); ok {
		return m.command(v, info, rest), ""
	}
	return m.say(v, "/afk"), ""
}

func runSay(m *model, v *channel, rest string) (tea.Cmd, string) {
	if rest == "" {
		return nil, "/say needs a text"
	}
	if rest[0] == '/' {
		rest = "/" + rest // said, not done
	}
	return m.say(v, rest), ""
}

func runPM(m *model, v *channel, rest string) (tea.Cmd, string) {
	to, text, _ := strings.Cut(rest, " ")
	if text = strings.TrimSpace(text); text == "" {
		return nil, "/pm needs a user and a text: /pm USER TEXT"
	}
	return m.postTyped(v, "pm", to, text), ""
}

func runWho(m *model, v *channel, rest string) (tea.Cmd, string) {
	if rest == "" {
		return nil, "/who needs a user"
	}
	v.edit.sent()
	return m.openCard(v, rest), ""
}

func runUndo(m *model, v *channel, _ string) (tea.Cmd, string) {
	v.edit.sent()
	return m.undo(), ""
}

func runClear(m *model, v *channel, _ string) (tea.Cmd, string) {
	v.edit.sent()
	v.log.clear()
	v.toLive()
	m.status = "only your own screen was emptied: /clearall clears the chat for everyone"
	return nil, ""
}

func runTheme(m *model, v *channel, rest string) (tea.Cmd, string) {
	if rest == "" {
		v.edit.sent()
		return m.push(newThemePicker(m)), ""
	}
	if _, ok := m.themes[rest]; !ok {
		return nil, "there is no theme " + rest + ": /theme lists them"
	}
	v.edit.sent()
	m.setTheme(rest)
	return m.keepTheme(), ""
}

// runClearAll is the bot's clear, whose name ours has.
func runClearAll(m *model, v *channel, _ string) (tea.Cmd, string) {
	info, ok := v.command("clear")
	if !ok {
		return nil, "the bot does not know how to clear the chat"
	}
	v.edit.sent()
	return m.confirmCommand(v, info, nil)
}

func runHelp(m *model, v *channel, _ string) (tea.Cmd, string) {
	v.edit.sent()
	return m.push(&help{}), ""
}

func runQuit(m *model, v *channel, _ string) (tea.Cmd, string) {
	v.edit.sent()
	return m.askQuit(), ""
}
