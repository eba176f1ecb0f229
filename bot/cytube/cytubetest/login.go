package cytubetest

import (
	"fmt"
	"strings"
	"time"
)

type loginReply struct {
	Success bool   `json:"success"`
	Name    string `json:"name,omitempty"`
	Guest   *bool  `json:"guest,omitempty"` // absent for a login with a password
	Error   string `json:"error,omitempty"`
}

// login handles the event of that name (PROTOCOL.md §3).
func (u *user) login(r request) {
	v, ok := decode(r.arg).(map[string]any)
	if !ok {
		u.complain("Invalid login frame")
		return
	}
	name, ok := v["name"].(string)
	if !ok || u.loggingIn || u.loggedIn {
		return
	}
	if password, _ := v["pw"].(string); password != "" {
		u.passwordLogin(name, password)
		return
	}
	u.guestLogin(name)
}

func (u *user) loginFailed(why string) {
	u.emit("login", loginReply{Error: why})
}

func (u *user) passwordLogin(name, password string) {
	u.loggingIn = true
	account := u.s.accounts[strings.ToLower(name)]
	delay := u.s.opts.DatabaseDelay
	if account != nil {
		delay += u.s.opts.PasswordDelay
	}
	u.s.loop.after(delay, func() {
		u.loggingIn = false
		switch {
		case u.dead:
		case !userName.MatchString(name):
			u.loginFailed(fmt.Sprintf("Invalid username %q", name))
		case account == nil:
			u.loginFailed("User does not exist")
		case account.password != password:
			u.loginFailed("Invalid username/password combination")
		default:
			u.account = account
			u.loggedInAs(loginReply{Success: true, Name: account.name})
		}
	})
}

func (u *user) guestLogin(name string) {
	delay := u.s.opts.GuestLoginDelay
	last, seen := u.s.guestLogins[u.ip]
	switch {
	case seen && u.s.loop.now().Sub(last) < delay:
		u.loginFailed(fmt.Sprintf("Guest logins are restricted to one per IP address per %d seconds.", delay/time.Second))
		return
	case !userName.MatchString(name):
		u.loginFailed("Invalid username.  Usernames must be 1-20 characters long and consist only of characters a-z, A-Z, 0-9, -, or _.")
		return
	case reservedName.MatchString(name):
		u.loginFailed("That username is reserved.")
		return
	}
	u.loggingIn = true
	u.s.database(func() {
		u.loggingIn = false
		switch {
		case u.dead:
		case u.s.nameTaken(name):
			u.loginFailed("That username is registered.")
		case u.channel != nil && u.channel.user(name) != nil:
			u.loginFailed("That name is already in use on this channel.")
		default:
			u.s.guestLogins[u.ip] = u.s.loop.now()
			u.guest = name
			guest := true
			u.loggedInAs(loginReply{Success: true, Name: name, Guest: &guest})
		}
	})
}

// loggedInAs ends a login that succeeded, whose account or guest name is set.
func (u *user) loggedInAs(reply loginReply) {
	before := u.rank
	u.identify()
	after := u.rank
	u.emit("rank", after)
	u.rank = before
	u.setRank(after)
	u.emit("login", reply)
	u.s.recordVisit(u.ip, u.name)
	u.loggedIn = true
	u.flush(&u.whenNamed)
}
