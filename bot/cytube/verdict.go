package cytube

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A verdict says what a server's words mean for us.
type verdict struct {
	words     *regexp.Regexp
	cause     Cause
	permanent bool
	wait      time.Duration
	advice    string
}

// kicks are the reasons the server itself gives (PROTOCOL.md §3 and §9); what
// matches none was written by a moderator.
var kicks = []verdict{
	{regexp.MustCompile(`^Duplicate login$`), CauseDuplicate, true, 0,
		"the same account logged in elsewhere: stop the other program, or give one of them another account"},
	{regexp.MustCompile(`(?i)^you( are|'re) banned|^Channel was banned`), CauseBanned, true, 0,
		"ask the channel's moderators to lift the ban"},
	{regexp.MustCompile(`(?i)\btor\b`), CauseBanned, true, 0,
		"the channel does not let Tor in: connect another way"},
	{regexp.MustCompile(`^Invalid channel name$`), CauseOptions, true, 0,
		"correct channel in the config"},
	{regexp.MustCompile(`^Channel deleted$`), CauseUnloaded, true, 0,
		"the channel is gone: remove it from the config"},
	{regexp.MustCompile(`^Channel (shutting down|reloading)`), CauseUnloaded, false, 5 * time.Second,
		"it will be joined again"},
	{regexp.MustCompile(`^Channel could not be loaded`), CauseUnloaded, false, time.Minute,
		"it will be tried again; if this lasts, ask the site's operators"},
	{regexp.MustCompile(`^Too many connections`), CauseRefused, false, time.Minute,
		"close other connections from this address"},
	{regexp.MustCompile(`^Rate limit exceeded$`), CauseRefused, false, 10 * time.Second,
		"it will be tried again"},
	{regexp.MustCompile(`^Attempted .+`), CauseKicked, false, kickDelay,
		"the account's rank does not allow what it tried"},
}

// kicked is the end after a kick. A moderator's kick is not permanent, since
// nobody can tell a joke from a ban by its words; but it is answered slowly,
// and ever more slowly when it comes again (see Backoff).
func kicked(reason string) *End {
	for _, v := range kicks {
		if v.words.MatchString(reason) {
			return v.end("the server ended the session", reason)
		}
	}
	end := &End{Cause: CauseKicked, Reason: "kicked without a reason", Wait: kickDelay}
	if reason != "" {
		end.Reason = fmt.Sprintf("kicked: %q", reason)
	}
	return end
}

// KickCause tells what a kick of that reason means.
func KickCause(reason string) Cause { return kicked(reason).Cause }

func (v verdict) end(what, words string) *End {
	return &End{
		Cause: v.cause, Permanent: v.permanent, Wait: v.wait,
		Reason: fmt.Sprintf("%s (%q): %s", what, words, v.advice),
	}
}

// refusals of the namespace, "44" frames (PROTOCOL.md §2).
var refusals = []verdict{
	{regexp.MustCompile(`(?i)banned`), CauseBanned, true, 0,
		"ask the site's operators"},
	{regexp.MustCompile(`(?i)rate limit`), CauseRefused, false, 10 * time.Second,
		"too many connections from this address in a short time; it will be tried again"},
}

func refusedWith(words string) *End {
	for _, v := range refusals {
		if v.words.MatchString(words) {
			return v.end("the server refused the connection", words)
		}
	}
	return &End{
		Cause: CauseRefused, Wait: 10 * time.Second,
		Reason: fmt.Sprintf("the server refused the connection (%q)", words),
	}
}

// logins are the refusals of PROTOCOL.md §3.
var logins = []verdict{
	{regexp.MustCompile(`^Invalid username/password`), CauseLogin, true, 0,
		"correct user and password in the config"},
	{regexp.MustCompile(`^User does not exist`), CauseLogin, true, 0,
		"register the account, or leave the password out to be a guest"},
	{regexp.MustCompile(`^That username is registered`), CauseLogin, true, 0,
		"give the account's password, or choose another guest name (o and 0, l and 1 count as the same letter)"},
	{regexp.MustCompile(`^That username is reserved`), CauseLogin, true, 0,
		"choose another name"},
	{regexp.MustCompile(`^Invalid username\.`), CauseLogin, true, 0,
		"choose a name of 1 to 20 letters, digits, - or _"},
	{regexp.MustCompile(`^That name is already in use`), CauseLogin, false, 30 * time.Second,
		"it will be tried again"},
}

var guestDelay = regexp.MustCompile(`restricted to one per IP address per (\d{1,6}) seconds`)

// loginRefused is the end after a failed login. What is not known is taken
// for passing trouble, such as the site's database being away.
func loginRefused(words string) *End {
	if m := guestDelay.FindStringSubmatch(words); m != nil {
		seconds, _ := strconv.Atoi(m[1]) // six digits at most
		return &End{
			Cause: CauseLogin, Wait: time.Duration(seconds) * time.Second,
			Reason: fmt.Sprintf("the site lets one guest in every %d s from one address; it will be tried again after that", seconds),
		}
	}
	for _, v := range logins {
		if v.words.MatchString(words) {
			return v.end("the login was refused", words)
		}
	}
	return &End{
		Cause: CauseLogin, Wait: 30 * time.Second,
		Reason: fmt.Sprintf("the login was refused (%q); it will be tried again", words),
	}
}

// joinRefused reads an errorMsg that came instead of the join; nil when it
// does not settle the matter.
func joinRefused(words string) *End {
	switch {
	case strings.Contains(words, "blocked anonymous users"):
		return &End{Cause: CauseLogin, Permanent: true,
			Reason: "the channel lets nobody in without a name: set user in the config"}
	case strings.Contains(words, "another server"):
		return moved()
	}
	return nil
}

func moved() *End {
	return &End{Cause: CauseMoved, Reason: "the channel moved to another server of the site, which will be asked for"}
}

func passwordEnd(wrong bool) *End {
	end := &End{Cause: CausePassword, Permanent: true,
		Reason: "the channel wants a password: set channel_password in the config"}
	if wrong {
		end.Reason = "the channel's password is wrong: correct channel_password in the config"
	}
	return end
}
