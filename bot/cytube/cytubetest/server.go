package cytubetest

// Server is a running CyTube.
type Server struct{}

// New starts a server. The caller must Close it.
func New(opts Options) (*Server, error) { return &Server{}, nil }

// URL is the site's address, such as http://127.0.0.1:40123.
func (s *Server) URL() string { return "" }

// Addr is the address it listens on, without a scheme.
func (s *Server) Addr() string { return "" }

// Close cuts every connection, ends every goroutine and waits for them.
func (s *Server) Close() error { return nil }

// Channel gives a channel by its name in any case. One that does not exist
// yet is made, unregistered.
func (s *Server) Channel(name string) *Channel { return &Channel{} }

// Channel is a handle on one channel. Its methods may be called by any
// goroutine.
type Channel struct{}

// Users are the names of those in the channel, puppets included, in order of
// arrival.
func (c *Channel) Users() []string { return nil }

// Puppet brings in a user who has no socket. The name must be free and well
// formed, otherwise the puppet's Err says why it is not there. A rank above 0
// makes it a registered user of that channel rank.
func (c *Channel) Puppet(name string, rank float64) *Puppet { return &Puppet{} }

// Inject puts media at the end of the playlist without looking anything up.
// by is the name of the one who queued it. It gives the new item's uid.
func (c *Channel) Inject(m Media, temp bool, by string) int { return 0 }

// Emit sends an event to everybody in the channel who has a socket, whatever
// it is. A nil arg sends none.
func (c *Channel) Emit(name string, arg any) {}

// Announce sends an announcement to everybody on the site.
func (s *Server) Announce(title, text, from string) {}
