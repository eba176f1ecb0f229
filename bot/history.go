package bot

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// historyTimeout bounds reading a page from the stream; askers wait about as
// long.
const historyTimeout = 3 * time.Second

// firstFor is how long the number of the oldest event in the stream is
// believed. It only grows, as the stream's limits take events.
const firstFor = 5 * time.Second

// A history answers for a room's past: from memory where that reaches, from
// the stream where it does not. What NATS has not taken yet is in no stream, and
// in a flood it reaches further back than the ring.
type history struct {
	desk    *desk
	archive *archive // nil without JetStream
	log     *slog.Logger

	mu      sync.Mutex
	first   uint64
	firstAt time.Time
}

// state answers a request for the room's state.
func (h *history) state(context.Context, struct{}) bus.StateReply {
	s := h.desk.now()
	return bus.StateReply{Room: h.desk.room, Channel: h.desk.channel, Seq: s.seq, Time: s.time, State: s.state}
}

// page answers a request for past events.
func (h *history) page(ctx context.Context, req bus.HistoryRequest) bus.HistoryReply {
	ctx, cancel := context.WithTimeout(ctx, historyTimeout)
	defer cancel()
	memory := h.desk.ring.all()
	first := h.oldest(ctx, memory)
	p := cut(memory, req)
	older, needed := before(memory, first, req, p)
	if needed && len(memory) > 0 { // what waits for NATS is many to look through
		memory = append(h.desk.out.events(req, memory[0].Seq), memory...)
		p = cut(memory, req)
		older, needed = before(memory, first, req, p)
	}
	if needed && h.archive != nil {
		past, err := h.archive.page(ctx, older)
		if err != nil {
			h.log.Warn("history could not be read from the stream", "error", err)
			return bus.HistoryReply{Error: "the event stream cannot be read just now: " + room.Clean(err.Error())}
		}
		p = joined(past, p, req)
	}
	if req.AfterSeq == 0 && len(p.events) > 0 && p.events[0].Seq > first && !p.ended {
		p.more = true
	}
	reply := bus.HistoryReply{Events: p.events, FirstSeq: first, LastSeq: h.desk.now().seq, More: p.more}
	if reply.Events == nil {
		reply.Events = []bus.Envelope{}
	}
	return reply
}

// before is the part of req that lies in front of what the memory holds, of
// which p is the answer; needed is false when there is none or it is not asked
// for.
func before(memory []bus.Envelope, first uint64, req bus.HistoryRequest, p page) (older bus.HistoryRequest, needed bool) {
	older = req
	if len(memory) == 0 {
		return older, first > 0
	}
	edge := memory[0].Seq
	if edge <= first {
		return older, false
	}
	if older.BeforeSeq == 0 || older.BeforeSeq > edge {
		older.BeforeSeq = edge
	}
	if req.AfterSeq > 0 {
		return older, req.AfterSeq < edge-1
	}
	older.Limit = limitOf(req) - len(p.events)
	return older, older.Limit > 0 && !p.more && !p.ended
}

// joined is the page of the stream with the memory's behind it.
func joined(past, memory page, req bus.HistoryRequest) page {
	if req.AfterSeq > 0 && past.more {
		return past // what the memory has comes only after further pages
	}
	p := cut(append(past.events, memory.events...), req)
	p.more = p.more || past.more || memory.more
	p.ended = p.ended || past.ended
	return p
}

// oldest is the number of the oldest event that can be had.
func (h *history) oldest(ctx context.Context, memory []bus.Envelope) uint64 {
	var inMemory uint64
	if len(memory) > 0 {
		inMemory = memory[0].Seq
		if waiting := h.desk.out.firstEvent(); waiting > 0 {
			inMemory = min(inMemory, waiting)
		}
	}
	if h.archive == nil {
		return inMemory
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if time.Since(h.firstAt) > firstFor {
		first, err := h.archive.firstSeq(ctx)
		if err != nil {
			return inMemory
		}
		h.first, h.firstAt = first, time.Now()
	}
	if h.first == 0 || inMemory != 0 && inMemory < h.first {
		return inMemory
	}
	return h.first
}
