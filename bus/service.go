package bus

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/micro"

	"rosey/bus/room"
)

// Service makes a program show up in `nats micro ls`, `info` and `stats`. It
// speaks the protocol of nats.go's micro package with that package's types,
// but answers only to inboxes, which the package itself does not do.
type Service struct {
	c    *Conn
	info micro.Info
	born time.Time
	subs []*nats.Subscription
}

// AddService registers a program under name; every subject that Respond serves
// on c is one of its endpoints, also those added later.
func AddService(c *Conn, name, description, version string, metadata map[string]string) (*Service, error) {
	s := &Service{c: c, born: time.Now().UTC()}
	s.info = micro.Info{
		ServiceIdentity: micro.ServiceIdentity{Name: name, ID: rand.Text(), Version: semver(version), Metadata: metadata},
		Type:            micro.InfoResponseType,
		Description:     description,
	}
	for verb, answer := range map[micro.Verb]func() any{
		micro.PingVerb:  s.ping,
		micro.InfoVerb:  s.describe,
		micro.StatsVerb: s.stats,
	} {
		if err := s.serve(verb, answer); err != nil {
			return nil, errors.Join(err, s.Stop())
		}
	}
	return s, nil
}

// ID tells instances of one service apart.
func (s *Service) ID() string { return s.info.ID }

// Stop takes the program off the list.
func (s *Service) Stop() error {
	var errs []error
	for _, sub := range s.subs {
		if err := sub.Unsubscribe(); err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
			errs = append(errs, fmt.Errorf("unsubscribe from %s: %w", sub.Subject, err))
		}
	}
	s.subs = nil
	return errors.Join(errs...)
}

// serve answers verb asked of everyone, of our name, and of this instance.
func (s *Service) serve(verb micro.Verb, answer func() any) error {
	for _, who := range [][2]string{{"", ""}, {s.info.Name, ""}, {s.info.Name, s.info.ID}} {
		subject, err := micro.ControlSubject(verb, who[0], who[1])
		if err != nil {
			return fmt.Errorf("name service subject: %w", err)
		}
		sub, err := s.c.NC.Subscribe(subject, func(m *nats.Msg) {
			if m.Reply == "" || !s.c.mayReply(m) {
				return
			}
			data, err := json.Marshal(answer())
			if err == nil {
				err = m.Respond(data)
			}
			if err != nil {
				s.c.note(func(st *Stats) { st.Other++ }, "reply was not sent: "+err.Error(), m.Subject)
			}
		})
		if err != nil {
			return fmt.Errorf("subscribe to %s: %w", subject, err)
		}
		s.subs = append(s.subs, sub)
	}
	return nil
}

func (s *Service) ping() any {
	return micro.Ping{ServiceIdentity: s.info.ServiceIdentity, Type: micro.PingResponseType}
}

func (s *Service) describe() any {
	info := s.info
	info.Endpoints = []micro.EndpointInfo{}
	for _, e := range s.c.served.list() {
		info.Endpoints = append(info.Endpoints, micro.EndpointInfo{Name: e.Name, Subject: e.Subject})
	}
	return info
}

func (s *Service) stats() any {
	return micro.Stats{
		ServiceIdentity: s.info.ServiceIdentity,
		Type:            micro.StatsResponseType,
		Started:         s.born,
		Endpoints:       s.c.served.list(),
	}
}

var semverPattern = regexp.MustCompile(`^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]*)?$`)

// semver is version where it is one, as tools expect, and 0.0.0 for a build
// without one.
func semver(version string) string {
	if semverPattern.MatchString(version) {
		return strings.TrimPrefix(version, "v")
	}
	return "0.0.0"
}

// served is what a connection answers to.
type served struct {
	mu        sync.Mutex
	endpoints []*endpoint
}

// endpoint counts the requests on one subject.
type endpoint struct {
	mu    sync.Mutex
	stats micro.EndpointStats
}

// add gives the counter of subject: the one it had, when it was served before,
// as a room is that a bot gives up and takes again.
func (s *served) add(subject string) *endpoint {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.endpoints {
		if e.stats.Subject == subject {
			return e
		}
	}
	name := strings.NewReplacer(".", "-", "*", "any", ">", "all", "%", "_").Replace(subject)
	e := &endpoint{stats: micro.EndpointStats{Name: name, Subject: subject}}
	s.endpoints = append(s.endpoints, e)
	return e
}

func (s *served) list() []*micro.EndpointStats {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*micro.EndpointStats, 0, len(s.endpoints))
	for _, e := range s.endpoints {
		list = append(list, e.snapshot())
	}
	return list
}

func (e *endpoint) record(took time.Duration, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stats.NumRequests++
	e.stats.ProcessingTime += took
	if err != nil {
		e.stats.NumErrors++
		e.stats.LastError = room.Clean(err.Error())
	}
}

func (e *endpoint) snapshot() *micro.EndpointStats {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.stats
	if s.NumRequests > 0 {
		s.AverageProcessingTime = s.ProcessingTime / time.Duration(s.NumRequests)
	}
	return &s
}
