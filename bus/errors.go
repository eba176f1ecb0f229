package bus

import "errors"

// What can be wrong with the bus, for errors.Is. The text of an error that
// wraps one is a sentence for people and says what to do next.
var (
	// ErrUnreachable: no NATS server answers at the address.
	ErrUnreachable = errors.New("NATS is not reachable")
	// ErrAuth: the server refused the credentials.
	ErrAuth = errors.New("NATS refused the credentials")
	// ErrTLS: the encrypted connection could not be made.
	ErrTLS = errors.New("no encrypted connection to NATS")
	// ErrPortInUse: something that is not NATS answers at the address.
	ErrPortInUse = errors.New("the port is in use")
	// ErrServerRunning: an embedded server was asked for and one runs already.
	ErrServerRunning = errors.New("a NATS server runs already")
	// ErrStoreLocked: another process holds the embedded server's store.
	ErrStoreLocked = errors.New("the JetStream store is in use")
	// ErrNoJetStream: the server has no JetStream, or not for this account.
	ErrNoJetStream = errors.New("the NATS server has no JetStream")
	// ErrNotAllowed: the role may not use the subject.
	ErrNotAllowed = errors.New("not allowed for this role")
	// ErrLost: the bot that had a command went away before it said what came of
	// it, so nobody can tell whether it was done.
	ErrLost = errors.New("the bot went away before it said what came of it")
	// ErrNobody: nobody listens on the subject of a request.
	ErrNobody = errors.New("nobody answers")
	// ErrUnknownCommand: the bot has no command of that name.
	ErrUnknownCommand = errors.New("unknown command")
	// ErrSettings: the settings of the connection cannot be used as they are.
	ErrSettings = errors.New("the NATS settings are wrong")
)

// failure is an error for both readers: kind for programs, text for people.
type failure struct {
	kind  error
	text  string
	cause error // may be nil
}

func (f *failure) Error() string {
	if f.cause == nil {
		return f.text
	}
	return f.text + ": " + f.cause.Error()
}

func (f *failure) Unwrap() []error {
	if f.cause == nil {
		return []error{f.kind}
	}
	return []error{f.kind, f.cause}
}
