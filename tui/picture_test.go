package tui

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
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
	for _, want := range []string{`fill="#ff0000" font-weight="bold">a&lt;b<`, "日", "本", `height="18.0" fill="#d7dae0"/>`} {
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

// What stands behind a wide character stands in its own column, whatever font a
// viewer has for that character.
func TestAPictureKeepsItsColumns(t *testing.T) {
	t.Parallel()
	svg := svgPicture("ab日本語 🎬 é👋🏽 ✂ x│\n0123456789012345678│", "", ansi.GraphemeWidth)
	at := func(column float64) string { return fmt.Sprintf("%.1f", frameWidth+column*cellWidth) } // halves: the middle of a cell
	for text, x := range map[string]string{
		"ab": at(0), "日": at(3), "本": at(5), "語": at(7), "🎬": at(10), " é": at(11), "👋🏽": at(14), "✂": at(16.5), " x│": at(17),
	} {
		if !regexp.MustCompile(`<text x="` + regexp.QuoteMeta(x) + `"[^>]*>` + text + `</text>`).MatchString(svg) {
			t.Errorf("%q is not at %s in %s", text, x, svg)
		}
	}
}
