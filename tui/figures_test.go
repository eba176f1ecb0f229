package tui

import (
	"rosey/bus"
)

// seen is what the bus view is told.
func (a *answers) seen() seen {
	return seen{
		nats:     func(bus.NATSQuery) (bus.NATSReport, error) { return a.report, nil },
		services: func() ([]bus.ServiceStats, error) { return a.services, nil },
		faults:   func() bus.Stats { return a.faults },
	}
}
