package dbsvc

import (
	"context"
	"time"

	"rosey/config"
	"rosey/dbsvc/store"
)

const (
	// upkeepDelay lets the start be over first.
	upkeepDelay = 10 * time.Second
	upkeepEvery = time.Hour
)

// upkeep deletes old rows and looks after the file, soon after the start and
// then every hour; once a day it checks that the file is sound.
func (s *Service) upkeep(ctx context.Context) {
	next := time.NewTimer(upkeepDelay)
	defer next.Stop()
	for round := 0; ; round++ {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
		start := time.Now()
		deleted, err := s.store.Maintain(ctx, retention(s.opts.Database.Retention), start)
		if err == nil && round%24 == 0 {
			err = s.store.CheckIntegrity(ctx)
		}
		if ctx.Err() != nil {
			return
		}
		if s.counts.fault(partUpkeep, err) && err != nil {
			s.log.Error("database upkeep did not succeed", "error", err)
		} else if err == nil {
			s.log.Debug("database upkeep is done", "deleted", deleted, "took", time.Since(start))
		}
		next.Reset(upkeepEvery)
	}
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
