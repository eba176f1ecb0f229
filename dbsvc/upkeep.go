package dbsvc

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"rosey/bus/room"
	"rosey/config"
	"rosey/dbsvc/store"
)

const (
	// upkeepDelay lets the start be over first.
	upkeepDelay = 10 * time.Second
	upkeepEvery = time.Hour
)

// upkeep deletes old rows and looks after the file, soon after the start and
// then every hour; once a day it checks that the file is sound. First of all it
// makes v0.5.0's lines searchable.
func (s *Service) upkeep(ctx context.Context) {
	if n, err := s.store.ImportRecent(ctx, func(html string) string { return room.Clean(plain(html)) }); err != nil {
		s.log.Warn("lines of before are not all searchable yet", "error", err)
	} else if n > 0 {
		s.log.Info("lines of before were made searchable", "count", n)
	}
	born := time.Now()
	next := time.NewTimer(upkeepDelay)
	defer next.Stop()
	for round := 0; ; round++ {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
		start := time.Now()
		now := careful(born.Round(0), start.Sub(born), start.Round(0))
		removed, err := s.store.Maintain(ctx, retention(s.opts.Database.Retention), now)
		s.sayRemoved(removed, round == 0)
		if err == nil && round%24 == 0 {
			err = s.store.CheckIntegrity(ctx)
		}
		if ctx.Err() != nil {
			return
		}
		if s.counts.fault(partUpkeep, err) && err != nil {
			s.log.Error("database upkeep did not succeed", "error", err)
		} else if err == nil {
			s.log.Debug("database upkeep is done", "took", time.Since(start))
		}
		next.Reset(upkeepEvery)
	}
}

// sayRemoved tells what retention took. The first time it is news: an old file
// may hold rows that v0.5.0 would have deleted only when it stored the next one.
func (s *Service) sayRemoved(removed []store.Removed, first bool) {
	if len(removed) == 0 {
		return
	}
	list := make([]string, len(removed))
	for i, r := range removed {
		list[i] = r.String()
	}
	level := slog.LevelDebug
	if first {
		level = slog.LevelInfo
	}
	s.log.Log(context.Background(), level, "old rows were removed, as database.retention says; what was said can be searched for as long as its chat_days say",
		"removed", strings.Join(list, ", "))
}

// careful is the time by which old rows are judged. A clock that jumps ahead
// must not make everything stored look old, so time passes only as fast as the
// machine measures it; a clock that is set back is believed. Times are without
// monotonic part: elapsed carries it.
func careful(born time.Time, elapsed time.Duration, wall time.Time) time.Time {
	steady := born.Add(elapsed)
	if wall.Before(steady) {
		return wall
	}
	return steady
}

func retention(r config.Retention) store.Retention {
	hours := func(n float64) time.Duration { return time.Duration(n * float64(time.Hour)) }
	return store.Retention{
		RecentChat:   hours(r.RecentChatHours),
		CountHistory: hours(24 * r.HistoryDays),
		Outbound:     hours(24 * r.OutboundDays),
		RevokedToken: hours(24 * r.RevokedTokenDays),
		Chat:         hours(24 * r.ChatDays),
	}
}
