package cytube

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/net/proxy"
)

const (
	defaultTimeout   = 10 * time.Second
	defaultPingEvery = 10 * time.Second
	proxyPort        = "1080"
)

func (o *Options) setDefaults() {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.pingEvery <= 0 {
		o.pingEvery = defaultPingEvery
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
}

// Dial asks the site for the channel's server, opens the websocket and enters
// the namespace; login and join then go on in the background. Its error is
// always an *End. The context governs Dial alone, not the session. The caller
// must take from Events until it is closed, or call Close.
func Dial(ctx context.Context, opts Options) (*Session, error) {
	opts.setDefaults()
	if !channelName.MatchString(opts.Channel) {
		return nil, invalidChannel(opts.Channel)
	}
	site, err := siteURL(opts.Domain)
	if err != nil {
		return nil, badOption("domain", err)
	}
	network, err := dialerFor(opts.Proxy)
	if err != nil {
		return nil, badOption("proxy", err)
	}
	server, end := askSite(ctx, opts, network, site)
	if end != nil {
		return nil, end
	}
	if site.Scheme == "https" && strings.HasPrefix(server, "ws://") {
		opts.Logger.Warn("the site names a server without TLS: passwords travel in clear", "server", server)
	}
	link, end := open(ctx, opts, network, server)
	if end != nil {
		return nil, end
	}
	return newSession(opts, link, server), nil
}

func askSite(ctx context.Context, opts Options, network proxy.ContextDialer, site *url.URL) (string, *End) {
	transport := &http.Transport{
		DialContext:         network.DialContext,
		TLSClientConfig:     opts.TLS.Clone(),
		TLSHandshakeTimeout: opts.Timeout,
		DisableKeepAlives:   true,
	}
	client := &http.Client{Transport: transport, CheckRedirect: refuseDowngrade, Timeout: opts.Timeout}
	return findServer(ctx, client, site, opts.Channel)
}

// open dials the websocket and enters the namespace.
func open(ctx context.Context, opts Options, network proxy.ContextDialer, server string) (*link, *End) {
	dialer := websocket.Dialer{
		NetDialContext:   network.DialContext,
		TLSClientConfig:  opts.TLS.Clone(),
		HandshakeTimeout: opts.Timeout,
	}
	dialing, cancel := context.WithTimeout(ctx, opts.Timeout)
	defer cancel()
	conn, response, err := dialer.DialContext(dialing, server, nil)
	if err != nil {
		return nil, noWebsocket(ctx, server, response, err)
	}
	l := newLink(conn, opts.pingEvery)
	stop := context.AfterFunc(ctx, l.close)
	end := l.enter(time.Now().Add(opts.Timeout))
	if !stop() && end == nil {
		end = unreachable(ctx, server, ctx.Err())
	}
	if end != nil {
		l.close()
		if ctx.Err() != nil {
			end = unreachable(ctx, server, ctx.Err())
		}
		return nil, end
	}
	return l, nil
}

func noWebsocket(ctx context.Context, server string, response *http.Response, err error) *End {
	host := server
	if u, parseErr := url.Parse(server); parseErr == nil {
		host = u.Host
	}
	if response != nil && errors.Is(err, websocket.ErrBadHandshake) {
		err = fmt.Errorf("open websocket: HTTP status %d", response.StatusCode)
	}
	return unreachable(ctx, host, err)
}

// dialerFor gives the way to the network: straight, or through a SOCKS5 proxy.
func dialerFor(address string) (proxy.ContextDialer, error) {
	direct := &net.Dialer{Timeout: defaultTimeout}
	if address == "" {
		return direct, nil
	}
	if !strings.Contains(address, "://") {
		address = "socks5://" + address
	}
	u, err := url.Parse(address)
	if err != nil {
		// url.Error repeats the address, which may hold a password.
		return nil, errors.New("it is no host[:port]")
	}
	if u.Scheme != "socks5" && u.Scheme != "socks5h" {
		return nil, fmt.Errorf("its scheme %q is not socks5", u.Scheme)
	}
	if u.Hostname() == "" {
		return nil, errors.New("it names no host")
	}
	port := u.Port()
	if port == "" {
		port = proxyPort
	}
	var auth *proxy.Auth
	if u.User != nil {
		password, _ := u.User.Password()
		auth = &proxy.Auth{User: u.User.Username(), Password: password}
	}
	dialer, err := proxy.SOCKS5("tcp", net.JoinHostPort(u.Hostname(), port), auth, direct)
	if err != nil {
		return nil, err
	}
	through, ok := dialer.(proxy.ContextDialer)
	if !ok {
		return nil, errors.New("SOCKS5 dialer takes no context")
	}
	return through, nil
}
