package cytube

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestEmit(t *testing.T) {
	got := make(chan string, 4)
	s := serve(t, false, func(p *peer) {
		p.join()
		for range 4 {
			got <- p.next()
		}
		p.hold()
	})
	session := dial(t, s.options())
	joined(t, session)
	ctx := t.Context()
	for _, err := range []error{
		session.Chat(ctx, "héllo <b>"),
		session.PM(ctx, "bob", "a\nb"),
		session.Emit(ctx, "playerReady", nil),
		session.Emit(ctx, "delete", 3),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	for _, want := range []string{
		`["chatMsg",{"msg":"héllo <b>","meta":{}}]`,
		`["pm",{"to":"bob","msg":"a\nb","meta":{}}]`,
		`["playerReady"]`,
		`["delete",3]`,
	} {
		frame := <-got
		var a, b any
		if json.Unmarshal([]byte(strings.TrimPrefix(frame, "42")), &a) != nil || json.Unmarshal([]byte(want), &b) != nil {
			t.Fatalf("frame %s", frame)
		}
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if string(x) != string(y) {
			t.Errorf("sent %s, want %s", x, y)
		}
	}
	if err := session.Chat(ctx, strings.Repeat("x", maxPayload)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a large event gave %v", err)
	}
	session.Close()
	var end *End
	if err := session.Chat(ctx, "late"); !errors.As(err, &end) || end.Cause != CauseClosed {
		t.Errorf("after the end Chat gave %v", err)
	}
}

func TestEmitBeforeJoin(t *testing.T) {
	s := serve(t, false, func(p *peer) { p.enter(); p.hold() })
	if err := dial(t, s.options()).Chat(t.Context(), "x"); !errors.Is(err, ErrNotJoined) {
		t.Errorf("Chat gave %v", err)
	}
}

func TestEmitAck(t *testing.T) {
	s := serve(t, false, func(p *peer) {
		p.join()
		p.expect(`421["newPoll"`)
		p.send(`439[{}]`, `431[{"error":{"message":"no"}}]`)
		p.hold()
	})
	session := dial(t, s.options())
	joined(t, session)
	answer, err := session.EmitAck(t.Context(), "newPoll", map[string]any{"title": "x"})
	if err != nil || string(answer) != `[{"error":{"message":"no"}}]` {
		t.Errorf("ack %s, %v", answer, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := session.EmitAck(ctx, "vote", 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("an ack that never comes gave %v", err)
	}
}
