package bus

// Role is who a connection is: it decides what the server lets it publish and
// subscribe to. It is also the user name of the generated credentials.
type Role string

const (
	RoleBot      Role = "bot"      // speaks for rooms: events, state, history, database writes
	RoleDB       Role = "db"       // applies writes, answers queries
	RoleOperator Role = "operator" // sees all that viewers see and gives commands
	RoleViewer   Role = "viewer"   // sees
	RoleAdmin    Role = "admin"    // everything, for the nats command line

	// RoleServer is the embedded server's own voice, which says what the
	// server is doing and nothing else. Its password never leaves the process.
	RoleServer Role = "server"
)

// Roles lists every role that can be given to somebody.
func Roles() []Role { return []Role{RoleBot, RoleDB, RoleOperator, RoleViewer, RoleAdmin} }

// inboxPrefix is the first token of the role's reply subjects. Those who only
// look have one of their own, so that they cannot listen to the answers that
// others get; bot and db share the plain one with v0.5.0's Python.
func (r Role) inboxPrefix() string {
	switch r {
	case RoleOperator, RoleViewer, RoleAdmin:
		return "_INBOX_" + string(r)
	default:
		return "_INBOX"
	}
}
