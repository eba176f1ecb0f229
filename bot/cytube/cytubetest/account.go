package cytubetest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	userName    = regexp.MustCompile(`^[\w-]{1,20}$`)
	channelName = regexp.MustCompile(`^[\w-]{1,30}$`)

	// reservedName is what the default configuration keeps guests from using.
	reservedName = regexp.MustCompile(`(?i)^(.*?[-_])?admin(istrator)?([-_].*)?$|^(.*?[-_])?owner([-_].*)?$`)
)

// account is a registered user.
type account struct {
	name       string
	password   string
	globalRank float64
	everywhere float64 // rank in channels that do not name the account
}

func (s *Server) addAccount(a Account) error {
	if !userName.MatchString(a.Name) {
		return fmt.Errorf("add account: %q is not a user name", a.Name)
	}
	if s.nameTaken(a.Name) {
		return fmt.Errorf("add account: %q is taken", a.Name)
	}
	s.accounts[strings.ToLower(a.Name)] = &account{
		name:       a.Name,
		password:   a.Password,
		globalRank: max(1, a.GlobalRank),
		everywhere: a.ChannelRank,
	}
	return nil
}

// lookAlike folds what CyTube takes for the same name: the letter o and zero,
// the letters l and i and one, the dash and the underscore.
var lookAlike = strings.NewReplacer("o", "0", "l", "1", "i", "1", "-", "_")

// nameTaken says whether an account has that name or one that looks like it.
func (s *Server) nameTaken(name string) bool {
	folded := lookAlike.Replace(strings.ToLower(name))
	for lower := range s.accounts {
		if lookAlike.Replace(lower) == folded {
			return true
		}
	}
	return false
}

// alias is a name that was seen on an address.
type alias struct{ ip, name string }

// recordVisit remembers the name for the address, as its latest.
func (s *Server) recordVisit(ip, name string) {
	seen := alias{ip, name}
	s.aliases = slices.DeleteFunc(s.aliases, func(a alias) bool { return a == seen })
	s.aliases = append(s.aliases, seen)
}

// aliasesOf are up to five names seen on an address or a range of addresses,
// latest first.
func (s *Server) aliasesOf(ip string) []string {
	names := []string{}
	for _, a := range slices.Backward(s.aliases) {
		if inRange(a.ip, ip) && len(names) < 5 {
			names = append(names, a.name)
		}
	}
	return names
}

// addressesOf are the addresses a name was seen on.
func (s *Server) addressesOf(name string) []string {
	var ips []string
	for _, a := range s.aliases {
		if strings.EqualFold(a.name, name) {
			ips = append(ips, a.ip)
		}
	}
	return ips
}

// globalRankOf is the rank on the site of a name; 0 for what is no account.
func (s *Server) globalRankOf(name string) float64 {
	if a := s.accounts[strings.ToLower(name)]; a != nil {
		return a.globalRank
	}
	return 0
}
