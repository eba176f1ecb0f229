package store

import "context"

func (w Count) apply(ctx context.Context, b *batch) error {
	_, err := b.tx.StmtContext(ctx, b.s.stmts.addCount).ExecContext(ctx, w.Time/1000, w.Chat, w.Connected)
	return err
}

func (w HighWater) apply(ctx context.Context, b *batch) error {
	if _, err := b.tx.StmtContext(ctx, b.s.stmts.raiseUsers).ExecContext(ctx, w.Chat, w.Time/1000); err != nil {
		return err
	}
	if w.Connected == nil {
		return nil
	}
	_, err := b.tx.StmtContext(ctx, b.s.stmts.raiseConnected).ExecContext(ctx, *w.Connected, w.Time/1000)
	return err
}
