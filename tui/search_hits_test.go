package tui

import (
	"testing"
)

func TestASearchWithoutHitsOffersNobody(t *testing.T) {
	m, bot := operate(t, 120, 40)
	press(t, m, "esc", "/")
	typeText(m, "nothing of the kind")
	settle(m, press(t, m, "enter"))
	shows(t, m, "nothing found")
	hides(t, m, "K kick")
	hides(t, m, "enter go there")
	press(t, m, "esc", "/")
	bot.db = cardAnswers()
	typeText(m, "zebra")
	settle(m, press(t, m, "enter"))
	shows(t, m, "K kick")
}
