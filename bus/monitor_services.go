package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"

	"rosey/bus/room"
)

// ServiceStats is one instance of a NATS service and what it was asked.
type ServiceStats struct {
	Name      string
	ID        string
	Version   string
	Started   time.Time
	Requests  int
	Errors    int
	LastError string
	Endpoints []EndpointStats // the busiest first
}

// EndpointStats counts the requests on one subject.
type EndpointStats struct {
	Subject  string
	Requests int
	Errors   int
	Average  time.Duration
}

// The most services that are listed, and subjects of each.
const (
	maxServices  = 64
	maxEndpoints = 32
)

// servicesWindow is how long services have to answer.
const servicesWindow = 250 * time.Millisecond

// Services asks all services for their figures, sorted by name: rosey's own and
// whoever else registers on this bus.
func Services(ctx context.Context, c *Conn) ([]ServiceStats, error) {
	subject, err := micro.ControlSubject(micro.StatsVerb, "", "")
	if err != nil {
		return nil, fmt.Errorf("name service subject: %w", err)
	}
	var found []ServiceStats
	err = c.collect(ctx, subject, nil, servicesWindow, func(m *nats.Msg) bool {
		var s micro.Stats
		if json.Unmarshal(m.Data, &s) != nil || s.Type != micro.StatsResponseType {
			c.countBad(subject)
			return false
		}
		found = append(found, serviceOf(s))
		return len(found) == maxServices
	})
	if err != nil && !errors.Is(err, ErrNobody) {
		return nil, fmt.Errorf("ask for services: %w", err)
	}
	slices.SortFunc(found, func(a, b ServiceStats) int {
		return strings.Compare(a.Name+"\x00"+a.ID, b.Name+"\x00"+b.ID)
	})
	room.CleanAll(&found)
	return found, nil
}

func serviceOf(s micro.Stats) ServiceStats {
	out := ServiceStats{Name: s.Name, ID: s.ID, Version: s.Version, Started: s.Started}
	for _, e := range s.Endpoints {
		if e == nil {
			continue
		}
		out.Requests += e.NumRequests
		out.Errors += e.NumErrors
		if e.LastError != "" {
			out.LastError = e.LastError
		}
		out.Endpoints = append(out.Endpoints, EndpointStats{
			Subject: e.Subject, Requests: e.NumRequests, Errors: e.NumErrors, Average: e.AverageProcessingTime,
		})
	}
	slices.SortFunc(out.Endpoints, func(a, b EndpointStats) int {
		if a.Requests != b.Requests {
			return b.Requests - a.Requests
		}
		return strings.Compare(a.Subject, b.Subject)
	})
	out.Endpoints = first(out.Endpoints, maxEndpoints)
	return out
}
