package cytubetest

import (
	"crypto/md5"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// remoteAddress is the client's address: the peer's, or what the last proxy
// says if the peer is trusted, which loopback is (PROTOCOL.md §2).
func remoteAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if peer, err := netip.ParseAddr(host); err != nil || peer.String() != "127.0.0.1" {
		return host
	}
	forwarded := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
	if last, err := netip.ParseAddr(strings.TrimSpace(forwarded[len(forwarded)-1])); err == nil {
		return last.String()
	}
	return host
}

// cloak masks an address as CyTube shows it to moderators: each part becomes
// a hash of itself and the parts before it, so that ranges stay recognisable.
func cloak(ip string) string {
	sep, size, keep := ".", 3, 4
	if strings.Contains(ip, ":") {
		sep, size = ":", 4
		ip = expand(ip)
	}
	parts := strings.Split(ip, sep)
	parts = parts[:min(len(parts), keep)]
	before := ""
	for i, part := range parts {
		sum := md5.Sum(fmt.Appendf(nil, "%s%s%d", before, part, i))
		parts[i] = base64.StdEncoding.EncodeToString(sum[:])[:size]
		before += part
	}
	for len(parts) < keep {
		parts = append(parts, "*")
	}
	return strings.Join(parts, sep)
}

// expand writes an IPv6 address with all its zeros.
func expand(ip string) string {
	if a, err := netip.ParseAddr(ip); err == nil {
		return a.StringExpanded()
	}
	return ip
}

// addressRange is the /24 or the /16 of an address (for IPv6 /64 and /48), as
// bans and alias searches know them: the address's first parts.
func addressRange(ip string, wide bool) string {
	sep, keep := ".", 3
	if strings.Contains(ip, ":") {
		sep, keep = ":", 4
		ip = expand(ip)
	}
	if wide {
		keep--
	}
	parts := strings.Split(ip, sep)
	return strings.Join(parts[:min(len(parts), keep)], sep)
}

// inRange says whether an address is the other, or lies in it if the other is
// a range.
func inRange(ip, other string) bool {
	return ip == other || strings.HasPrefix(ip, other+".") || strings.HasPrefix(expand(ip), other+":")
}

// randomID is a random string of n characters.
func randomID(n int) string { return rand.Text()[:min(n, 26)] }
