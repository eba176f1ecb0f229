package cytubetest_test

import (
	"context"
	"testing"
	"time"

	"rosey/bot/cytube"
	"rosey/bot/cytube/cytubetest"
	"rosey/bus/room"
)

// TestOurClientTalksHere has the product's own client join, talk and be
// thrown out.
func TestOurClientTalksHere(t *testing.T) {
	s, err := cytubetest.New(cytubetest.Options{
		Accounts: []cytubetest.Account{{Name: "Rosey", Password: "secret", ChannelRank: 3}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	owner := s.Channel("TestRoom").Puppet("Owner", 5)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	session, err := cytube.Dial(ctx, cytube.Options{Domain: s.URL(), Channel: "TestRoom", User: "Rosey", Password: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	select {
	case <-session.Joined():
	case <-ctx.Done():
		t.Fatal("not joined")
	}
	if err := session.Chat(ctx, "hello <owner>"); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.Wait(ctx, "chatMsg", func(e cytubetest.Event) bool {
		return string(e.Arg) != "" && e.Name == "chatMsg"
	}); err != nil {
		t.Error(err)
	}
	owner.PM("rosey", "help")
	heard := false
	for r := range session.Events() {
		if pm, ok := r.Event.(*room.PM); ok && pm.User == "Owner" && pm.Content == "help" {
			heard = true
			owner.Kick("Rosey", "enough")
		}
	}
	if end := session.End(); !heard || end == nil || end.Cause != cytube.CauseKicked {
		t.Errorf("heard %v, ended with %v", heard, session.End())
	}
	if n := session.Stats().Unknown; n > 0 {
		t.Errorf("%d events the client does not know: %v", n, session.Stats().UnknownNames)
	}
}
