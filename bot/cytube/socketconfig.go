package cytube

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"time"

	"rosey/bus/room"
)

// maxSocketConfig bounds the site's answer, which is under 200 bytes.
const maxSocketConfig = 64 << 10

// maxRedirects is how many a site may answer with before we give up.
const maxRedirects = 5

var channelName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,30}$`)

// siteURL reads any spelling of a site's address. A pasted channel address
// ("https://cytu.be/r/room") counts as its site.
func siteURL(domain string) (*url.URL, error) {
	spelled := strings.TrimSpace(domain)
	if spelled == "" {
		return nil, errors.New("it is empty")
	}
	if !strings.Contains(spelled, "://") {
		spelled = "//" + spelled
	}
	u, err := url.Parse(spelled)
	if err != nil {
		return nil, err
	}
	host := u.Hostname()
	if host == "" {
		return nil, errors.New("it names no host")
	}
	switch strings.ToLower(u.Scheme) {
	case "":
		u.Scheme = "https"
		if isLoopback(host) {
			u.Scheme = "http"
		}
	case "http", "ws":
		u.Scheme = "http"
	case "https", "wss":
		u.Scheme = "https"
	default:
		return nil, fmt.Errorf("its scheme %q is neither http nor https", u.Scheme)
	}
	path, _, _ := strings.Cut(u.Path+"/", "/r/")
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(path, "/")}, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

// findServer asks the site where a channel's websocket is (PROTOCOL.md §1).
// The answer differs between channels of a partitioned site and may change,
// so it is asked for again before each connection.
func findServer(ctx context.Context, client *http.Client, site *url.URL, channel string) (string, *End) {
	address := site.JoinPath("socketconfig", channel+".json").String()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", badOption("domain", err)
	}
	response, err := client.Do(request)
	if err != nil {
		return "", unreachable(ctx, site.Host, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxSocketConfig+1))
	if err != nil {
		return "", unreachable(ctx, site.Host, err)
	}
	return readSocketConfig(site.Host, channel, response.StatusCode, body)
}

// socketConfig is the site's answer: servers, or an error in words.
type socketConfig struct {
	Servers []struct {
		URL    string `json:"url"`
		Secure bool   `json:"secure"`
	} `json:"servers"`
	Error string `json:"error"`
}

func readSocketConfig(host, channel string, status int, body []byte) (string, *End) {
	var config socketConfig
	notJSON := len(body) > maxSocketConfig || json.Unmarshal(body, &config) != nil
	switch {
	case status == http.StatusNotFound && config.Error != "":
		return "", invalidChannel(channel)
	case status >= 500 || status == http.StatusTooManyRequests || status == http.StatusForbidden:
		return "", &End{
			Cause:  CauseSite,
			Reason: fmt.Sprintf("%s answers %d %s just now; it will be asked again", room.Clean(host), status, http.StatusText(status)),
			Wait:   10 * time.Second,
		}
	case status != http.StatusOK || notJSON:
		return "", notCyTube(host, fmt.Errorf("its socketconfig answers %d and is no CyTube server list", status))
	}
	for _, secure := range []bool{true, false} {
		for _, server := range config.Servers {
			if server.Secure != secure {
				continue
			}
			if address, err := websocketURL(server.URL); err == nil {
				return address, nil
			}
		}
	}
	return "", notCyTube(host, fmt.Errorf("its socketconfig names no usable server (%s)", room.Clean(cut(config.Error, maxLine))))
}

// websocketURL turns a server's address into that of its websocket. The slash
// after socket.io is needed (PROTOCOL.md §1).
func websocketURL(server string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(server))
	if err != nil {
		return "", err
	}
	switch u.Scheme {
	case "http", "ws":
		u.Scheme = "ws"
	case "https", "wss":
		u.Scheme = "wss"
	default:
		return "", fmt.Errorf("scheme %q is no websocket", u.Scheme)
	}
	if u.Hostname() == "" {
		return "", errors.New("no host")
	}
	u.User = nil
	u = u.JoinPath("socket.io/")
	u.RawQuery = "EIO=4&transport=websocket"
	u.Fragment = ""
	return u.String(), nil
}

// refuseDowngrade lets redirects go from http to https but not back.
func refuseDowngrade(request *http.Request, via []*http.Request) error {
	if len(via) >= maxRedirects {
		return fmt.Errorf("more than %d redirects", maxRedirects)
	}
	if via[len(via)-1].URL.Scheme == "https" && request.URL.Scheme != "https" {
		return errors.New("redirected from https to http")
	}
	return nil
}

func invalidChannel(channel string) *End {
	return &End{
		Cause:     CauseOptions,
		Permanent: true,
		Reason: fmt.Sprintf("the channel name %q is not valid: set channel to 1 to 30 letters, digits, - or _",
			room.Clean(cut(channel, maxName))),
	}
}

func badOption(key string, err error) *End {
	return &End{
		Cause:     CauseOptions,
		Permanent: true,
		Reason:    fmt.Sprintf("the %s in the config cannot be used: correct it", key),
		Err:       err,
	}
}

func notCyTube(host string, err error) *End {
	return &End{
		Cause:  CauseSite,
		Reason: room.Clean(host) + " does not answer as a CyTube site: check the domain",
		Wait:   30 * time.Second,
		Err:    err,
	}
}

// unreachable is the end for a network error on the way to host.
func unreachable(ctx context.Context, host string, err error) *End {
	if ctx.Err() != nil {
		return &End{Cause: CauseClosed, Reason: "connecting was given up", Err: ctx.Err()}
	}
	reason := "cannot reach " + room.Clean(host) + ": check the network and the domain"
	var step *net.OpError
	if errors.As(err, &step) && strings.HasPrefix(step.Op, "socks") {
		reason = "cannot reach " + room.Clean(host) + " through the proxy: check that the proxy runs and that its address is right"
	}
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		reason = "no address is known for " + room.Clean(host) + ": check the domain"
	}
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &certificate) {
		return &End{Cause: CauseNetwork, Wait: 30 * time.Second, Err: err,
			Reason: "the certificate of " + room.Clean(host) + " is not trusted: check the domain, this machine's clock and its root certificates"}
	}
	return &End{Cause: CauseNetwork, Reason: reason, Err: err}
}
