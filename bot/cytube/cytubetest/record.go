package cytubetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// record is what the database keeps of a registered channel.
type record struct {
	name  string
	ranks map[string]float64 // by the account's name, as registered
	bans  []ban
	log   []byte
	poll  *poll
	saved
	list storedPlaylist
}

// ban is a row of the ban list. An ip of "*" bans the name alone; ranges are
// the first parts of an address.
type ban struct {
	ID       int    `json:"id"`
	IP       string `json:"ip"`
	Name     string `json:"name"`
	Reason   string `json:"reason"`
	BannedBy string `json:"bannedby"`
}

// addChannel registers a channel.
func (s *Server) addChannel(o ChannelOptions) error {
	if !channelName.MatchString(o.Name) {
		return fmt.Errorf("add channel: %q is not a channel name", o.Name)
	}
	name := strings.ToLower(o.Name)
	r := &record{name: name, ranks: maps.Clone(o.Ranks)}
	if r.ranks == nil {
		r.ranks = make(map[string]float64)
	}
	for _, a := range s.accounts {
		if _, ok := r.ranks[a.name]; !ok && a.everywhere > 1 {
			r.ranks[a.name] = a.everywhere
		}
	}
	r.saved = saved{
		permissions: maps.Clone(defaultPermissions),
		unlocked:    o.Unlocked,
		options:     defaultSettings(name),
		motd:        o.MOTD,
		filters:     compileAll(o.Filters),
		emotes:      []Emote{},
		muted:       make(map[string]muting),
	}
	if o.Filters == nil {
		r.filters = compileAll(defaultFilters)
	}
	for _, e := range o.Emotes {
		r.emotes = append(r.emotes, completeEmote(e))
	}
	if o.Password != "" {
		r.options.Password = o.Password
	}
	maps.Copy(r.permissions, o.Permissions)
	if err := json.Unmarshal(marshal(o.Settings), &r.options); err != nil {
		return fmt.Errorf("add channel %s: %w", o.Name, err)
	}
	s.stored[name] = r
	return nil
}

// rankOf is an account's rank in the channel: 1 unless it is given another.
func (c *channel) rankOf(a *account) float64 {
	if c.record != nil {
		if rank, ok := c.record.rank(a.name); ok {
			return rank
		}
	}
	return 1
}

func (r *record) rank(name string) (float64, bool) {
	for n, rank := range r.ranks {
		if strings.EqualFold(n, name) {
			return rank, true
		}
	}
	return 0, false
}

// setRank keeps a rank; below 2 there is nothing to keep.
func (r *record) setRank(name string, rank float64) {
	maps.DeleteFunc(r.ranks, func(n string, _ float64) bool { return strings.EqualFold(n, name) })
	if rank >= 2 {
		r.ranks[name] = rank
	}
}

// rankForName is the highest rank of a name, on the site or here.
func (c *channel) rankForName(name string) float64 {
	rank := 1.0
	if c.record != nil {
		if here, ok := c.record.rank(name); ok {
			rank = here
		}
	}
	return max(rank, c.s.globalRankOf(name))
}

// rankForAddress is the highest rank of all names seen on an address.
func (c *channel) rankForAddress(ip string) float64 {
	rank := math.Inf(-1)
	for _, name := range c.s.aliasesOf(ip) {
		rank = max(rank, c.rankForName(name))
	}
	return rank
}

func (r *record) nameBanned(name string) bool {
	return slices.ContainsFunc(r.bans, func(b ban) bool { return strings.EqualFold(b.Name, name) })
}

// ipBanned says whether the address, or a range it is in, is banned.
func (r *record) ipBanned(ip string) bool {
	return slices.ContainsFunc(r.bans, func(b ban) bool {
		return b.IP == ip || b.IP == addressRange(ip, false) || b.IP == addressRange(ip, true)
	})
}
