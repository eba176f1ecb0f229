package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"rosey/bus/room"
)

const (
	endpointTimeout = 2 * time.Second
	endpointBytes   = 16 << 20 // of one answer
)

// askEndpoint fills r from nats.monitor_url, the HTTP monitoring of one server.
// The error says what is missing and what to do.
func (l *look) askEndpoint(ctx context.Context, q NATSQuery, r *NATSReport) error {
	ctx, cancel := context.WithTimeout(ctx, endpointTimeout)
	defer cancel()
	var v server.Varz
	if err := l.get(ctx, "/varz", nil, &v); err != nil {
		return fmt.Errorf("the server's figures: %s of nats.monitor_url does not tell them: %w; start nats-server with -m 8222, or correct nats.monitor_url", l.endpointName(), err)
	}
	r.Source, r.Servers = ReportEndpoint, []NATSServer{serverOf(&v)}
	list := url.Values{"auth": {"true"}, "sort": {string(q.Sort)}, "limit": {strconv.Itoa(q.Limit)}}
	cut := url.Values{"auth": {"true"}, "state": {"closed"}, "sort": {"stop"}, "limit": {"256"}}
	streams := url.Values{"accounts": {"true"}, "streams": {"true"}, "consumers": {"true"}, "config": {"true"}, "limit": {strconv.Itoa(maxStreams)}}
	for _, values := range []url.Values{list, cut} {
		var c server.Connz
		if err := l.get(ctx, "/connz", values, &c); err != nil {
			r.Missing = append(r.Missing, fmt.Sprintf("connections: %s/connz: %v", l.endpointName(), err))
			continue
		}
		r.add(v.Name, &c)
	}
	var js server.JSInfo
	if err := l.get(ctx, "/jsz", streams, &js); err != nil {
		r.Missing = append(r.Missing, fmt.Sprintf("streams of others: %s/jsz: %v", l.endpointName(), err))
		return nil
	}
	r.Streams = streamsOf(&js)
	return nil
}

// get reads one page of the endpoint.
func (l *look) get(ctx context.Context, path string, values url.Values, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(l.endpoint, "/")+path+"?"+values.Encode(), nil)
	if err != nil {
		return fmt.Errorf("ask %s: %w", path, err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask %s: %s", path, room.Clean(reason(err)))
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("ask %s: it answers %d", path, resp.StatusCode)
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, endpointBytes)).Decode(into); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}

// reason is why a request failed, without the address around it.
func reason(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err.Error()
	}
	return err.Error()
}
