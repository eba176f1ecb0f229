// Package dbsvc is the NATS face of the database: it writes down what is
// published on the write subjects, answers the queries, and tells how it is.
package dbsvc

import (
	"context"
	"log/slog"

	"rosey/bus"
	"rosey/config"
)

// Options says what to serve and to whom.
type Options struct {
	Conn     *bus.Conn
	Database config.Database
	Events   config.Events
	Logger   *slog.Logger
	Instance string
}

// Service is a running database service.
type Service struct {
	failed chan error
}

// Start opens the database and serves it.
func Start(ctx context.Context, opts Options) (*Service, error) {
	return &Service{failed: make(chan error, 1)}, nil
}

// Err gives at most one error, after which the service writes nothing more.
func (s *Service) Err() <-chan error { return s.failed }

// Close stops taking writes, commits what was taken and closes the database.
func (s *Service) Close(ctx context.Context) error { return nil }
