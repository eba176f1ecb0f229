package cytube

import (
	"time"

	"rosey/bus/room"
)

// Cause is why a session ended or could not begin, for programs.
type Cause string

const (
	CauseClosed    Cause = "closed"    // Close was called, or Dial's context ended
	CauseOptions   Cause = "options"   // the options cannot work: a bad domain, channel name or proxy
	CauseSite      Cause = "site"      // the site did not tell where the websocket is
	CauseNetwork   Cause = "network"   // the connection was refused or broke
	CauseProtocol  Cause = "protocol"  // the server does not speak as CyTube does
	CauseSilent    Cause = "silent"    // nothing was heard for too long
	CauseJoin      Cause = "join"      // login or join got no answer in time
	CauseRefused   Cause = "refused"   // the server would not let us on just now
	CauseLogin     Cause = "login"     // the name or account was refused
	CausePassword  Cause = "password"  // the channel's password is missing or wrong
	CauseBanned    Cause = "banned"    // from the channel or the site
	CauseDuplicate Cause = "duplicate" // the same account logged in elsewhere
	CauseKicked    Cause = "kicked"    // by a moderator, or for overstepping our rank
	CauseUnloaded  Cause = "unloaded"  // the channel was shut down or reloaded
	CauseMoved     Cause = "moved"     // the channel is on another server now
	CauseStalled   Cause = "stalled"   // the caller did not take its events
)

// End says why a session ended. It is an error; Dial returns nothing else.
type End struct {
	Cause     Cause
	Reason    string        // a sentence for people, cleaned, that says what to do
	Permanent bool          // trying again cannot help until a person has acted
	Wait      time.Duration // at least so long before trying again; may be 0
	Err       error         // what is underneath; may be nil
}

// Error is the sentence, and the error underneath if there is one.
func (e *End) Error() string {
	if e.Err == nil {
		return e.Reason
	}
	return e.Reason + ": " + room.Clean(e.Err.Error())
}

// Unwrap gives the error underneath.
func (e *End) Unwrap() error { return e.Err }
