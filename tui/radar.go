package tui

import (
	"slices"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// A radar watches one room for raids: who comes, whether they were ever seen,
// what they have in common, and whether they talk alike. It is pure: events,
// the database's answers and the time go in, a reading comes out.
type radar struct {
	arrivals []*arrival // of radarWindow, oldest first
	lines    []utterance
	usual    float64 // joins a minute, while it was calm
	minute   time.Time
	level    alarm
	kept     time.Time // when something last kept the alarm up
	calm     time.Time // since when what was before does not count
	joined   int       // strangers, in the alarm that is or was
}

// An arrival is one person who came in.
type arrival struct {
	user  room.User
	key   string   // the name folded
	forms []string // its skeletons
	at    time.Time
	asked bool // the database was asked about them
	known seen
	said  int  // lines in the last minute
	past  bool // had left again before we looked
}

// seen is what the database knows of a person.
type seen int

const (
	seenUnknown seen = iota // not asked, or no answer
	seenNever               // this visit is the first
	seenBefore
)

// An utterance is a line somebody said, as the likeness of lines needs it.
type utterance struct {
	who      string // folded
	at       time.Time
	shingles []uint32
}

const (
	// radarWindow is how long somebody counts as having just come.
	radarWindow = 10 * time.Minute
	// radarPeople and radarLines bound what is remembered; the oldest go first.
	radarPeople = 500
	radarLines  = 64
	// firstVisit is how close to their coming the database must have seen them
	// first for it to be their first visit: the bot has written it by then.
	firstVisit = time.Minute
)

// join notes that somebody came in. before is the room without them.
func (r *radar) join(before room.State, e *room.UserJoin, at time.Time) {
	if _, here := before.User(e.User); here || e.User == "" {
		r.ranked(e.User, e.UserData.Rank)
		return // CyTube repeats addUser (PROTOCOL.md §7)
	}
	u := e.UserData
	u.Name = cleanName(e.User)
	if room.Fold(u.Name) == room.Fold(before.Self.Name) {
		return
	}
	if old := r.arrival(u.Name); old != nil { // who comes and goes counts as one
		old.user, old.at, old.past = u, at, false
		r.arrivals = append(slices.DeleteFunc(r.arrivals, func(a *arrival) bool { return a == old }), old)
		return
	}
	if len(r.arrivals) >= radarPeople {
		r.arrivals = r.arrivals[1:]
	}
	r.arrivals = append(r.arrivals, &arrival{user: u, key: room.Fold(u.Name), forms: skeletons(u.Name), at: at})
}

// ranked notes the rank that somebody who has just come has now: CyTube tells of
// the one that comes with a login after it has told of the coming.
func (r *radar) ranked(name string, rank float64) {
	if a := r.arrival(name); a != nil {
		a.user.Rank = rank
	}
}

// say notes a line of somebody who has just come; others' do not matter.
func (r *radar) say(name, text string, at time.Time) {
	if r.arrival(name) == nil {
		return
	}
	if len(r.lines) >= radarLines {
		r.lines = r.lines[1:]
	}
	r.lines = append(r.lines, utterance{who: room.Fold(name), at: at, shingles: shingles(text)})
}

func (r *radar) arrival(name string) *arrival {
	name = room.Fold(name)
	for _, a := range r.arrivals {
		if a.key == name {
			return a
		}
	}
	return nil
}

// askAbout are the names that the database has not been asked about yet, at
// most as many as one question takes; they count as asked from now on.
func (r *radar) askAbout() []string {
	var names []string
	for _, a := range r.arrivals {
		if !a.asked && len(names) < 100 {
			a.asked = true
			names = append(names, a.user.Name)
		}
	}
	return names
}

// learn takes the database's answer about names; nil users with failed means
// that there was none, and that they may be asked about again.
func (r *radar) learn(names []string, users []bus.UserStats, failed bool) {
	first := make(map[string]int64, len(users))
	for _, u := range users {
		first[room.Fold(u.Username)] = u.FirstSeen
	}
	for _, name := range names {
		a := r.arrival(name)
		switch {
		case a == nil:
		case failed:
			a.asked = false
		case first[room.Fold(name)] == 0, time.Unix(first[room.Fold(name)], 0).After(a.at.Add(-firstVisit)):
			a.known = seenNever
		default:
			a.known = seenBefore
		}
	}
}

// isNew tells whether this is a person's first visit. Where the database has
// not said, a guest is taken for new.
func (a *arrival) isNew() bool {
	return a.known == seenNever || a.known == seenUnknown && a.user.Rank < room.RankUser
}

// forget drops what is too old to count.
func (r *radar) forget(now time.Time) {
	r.arrivals = slices.DeleteFunc(r.arrivals, func(a *arrival) bool { return now.Sub(a.at) > radarWindow })
	r.lines = slices.DeleteFunc(r.lines, func(u utterance) bool { return now.Sub(u.at) > time.Minute })
	for _, a := range r.arrivals {
		a.said = 0
	}
	for _, u := range r.lines {
		if a := r.arrival(u.who); a != nil {
			a.said++
		}
	}
}

// settle moves the usual rate of joins along, once a minute while it is calm.
func (r *radar) settle(now time.Time, joins int) {
	if r.minute.IsZero() {
		r.minute = now
	}
	if now.Sub(r.minute) < time.Minute {
		return
	}
	r.minute = now
	if r.level == alarmNone {
		r.usual += (float64(joins) - r.usual) / 10
	}
}
