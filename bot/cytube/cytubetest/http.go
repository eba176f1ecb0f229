package cytubetest

import (
	"crypto/tls"
	"encoding/json"
	"log"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// strayDelay is how long CyTube holds an upgrade on a path that is not its
// own before it hangs up (PROTOCOL.md §1).
const strayDelay = time.Second

// serve answers HTTP on l until the server is stopped.
func (s *Server) serve(l net.Listener) {
	if s.opts.TLS != nil {
		l = tls.NewListener(l, s.opts.TLS)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /socketconfig/{file}", s.socketConfig)
	mux.HandleFunc("POST /login", s.webLogin)
	mux.HandleFunc("/socket.io/{$}", s.engine)
	mux.HandleFunc("/socket.io", s.stray)
	mux.HandleFunc("/", s.stray)
	s.http = &http.Server{
		Handler:           s.owned(mux),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(discard{}, "", 0),
	}
	web := s.http
	s.running.Go(func() { _ = web.Serve(l) }) // it ends with ErrServerClosed
}

// owned has the server wait for requests when it closes.
func (s *Server) owned(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.begin() {
			defer s.running.Done()
			h.ServeHTTP(w, r)
		}
	})
}

// discard swallows what net/http logs about clients that hang up.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// socketConfig tells where the websocket is. It does not depend on whether
// the channel exists (PROTOCOL.md §1).
func (s *Server) socketConfig(w http.ResponseWriter, r *http.Request) {
	if !s.wire.pass(r.Context()) {
		return
	}
	if s.wire.stall() == StallConfig {
		s.wire.hang(r.Context())
		return
	}
	name, isJSON := strings.CutSuffix(r.PathValue("file"), ".json")
	if !isJSON {
		http.NotFound(w, r)
		return
	}
	if !channelName.MatchString(name) {
		writeJSON(w, http.StatusNotFound, map[string]string{"error": `Channel "` + name + `" does not exist.`})
		return
	}
	type entry struct {
		URL    string `json:"url"`
		Secure bool   `json:"secure"`
	}
	writeJSON(w, http.StatusOK, map[string][]entry{"servers": {{s.URL(), s.opts.TLS != nil}}})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// webLogin is the site's login form: it sets the cookie with which a
// websocket is logged in from the start (PROTOCOL.md §3).
func (s *Server) webLogin(w http.ResponseWriter, r *http.Request) {
	name, password := r.PostFormValue("name"), r.PostFormValue("password")
	token := ""
	s.loop.call(func() {
		if a := s.accounts[strings.ToLower(name)]; a != nil && a.password == password {
			token = randomID(26)
			s.cookies[token] = a
		}
	})
	if token == "" {
		http.Error(w, "Invalid username/password combination", http.StatusOK)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "auth", Value: token, Path: "/", HttpOnly: true})
	http.Redirect(w, r, "/", http.StatusFound)
}

// stray answers all other paths. CyTube leaves upgrades there to hang for a
// second and then ends the TCP connection.
func (s *Server) stray(w http.ResponseWriter, r *http.Request) {
	if !websocket.IsWebSocketUpgrade(r) {
		http.NotFound(w, r)
		return
	}
	tcp, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	s.wire.sleep(strayDelay)
	_ = tcp.Close()
}

// engine opens Engine.IO. Only the websocket transport is spoken.
func (s *Server) engine(w http.ResponseWriter, r *http.Request) {
	if !s.wire.pass(r.Context()) {
		return
	}
	q := r.URL.Query()
	if q.Get("sid") != "" {
		writeJSON(w, http.StatusBadRequest, map[string]any{"code": 1, "message": "Session ID unknown"})
		return
	}
	if q.Get("transport") != "websocket" {
		writeJSON(w, http.StatusBadRequest, map[string]any{"code": 0, "message": "Transport unknown"})
		return
	}
	// Origins matter to CyTube only where CORS does, which is not here.
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := newConn(s, ws, q.Get("EIO") == "4")
	c.ip = remoteAddress(r)
	if cookie, err := r.Cookie("auth"); err == nil {
		c.cookie = cookie.Value
	}
	c.run()
}
