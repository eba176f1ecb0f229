package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"
)

func TestRoomView(t *testing.T) {
	for _, s := range []struct{ w, h int }{{40, 10}, {80, 24}, {120, 40}, {160, 50}} {
		t.Run(size(s.w, s.h), func(t *testing.T) {
			m, _ := sceneModel(t, s.w, s.h)
			typeText(m, "hello bo")
			requireShape(t, m, s.w, s.h)
			golden.RequireEqual(t, strings.Join(screen(m), "\n"))
		})
	}
}
