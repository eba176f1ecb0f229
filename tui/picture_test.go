package tui

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

func TestPictures(t *testing.T) {
	t.Parallel()
	red := lipgloss.NewStyle().Foreground(lipgloss.Color("#ff0000")).Bold(true).Render
	screen := red("a<b") + " & 日本 🎬\n" + lipgloss.NewStyle().Reverse(true).Render("row") + "   "
	if got, want := plainPicture(screen), "a<b & 日本 🎬\nrow\n"; got != want {
		t.Errorf("text: %q, want %q", got, want)
	}
	if got := ansiPicture(screen); !strings.HasPrefix(got, screen) {
		t.Errorf("ansi: %q", got)
	}
	svg := svgPicture(screen, `the "room"`, ansi.GraphemeWidth)
	for _, want := range []string{`fill="#ff0000" font-weight="bold">a&lt;b<`, "日本", `fill="#d7dae0"/><text`} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %q in %s", want, svg)
		}
	}
	if bar := svgPicture("🎬👋│", "", ansi.GraphemeWidth); !strings.Contains(bar, `width="66"`) {
		t.Errorf("two wide characters and a bar are not five cells: %s", bar)
	}
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("not XML: %v in %s", err, svg)
		}
	}
}
