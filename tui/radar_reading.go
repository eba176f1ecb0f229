package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"rosey/bus/room"
)

// An alarm is how bad it looks.
type alarm int

const (
	alarmNone  alarm = iota
	alarmOver        // a raid has just ended
	alarmWatch       // more strangers than usual, or strangers who are alike
	alarmRaid        // both
)

func (a alarm) word() string { return [...]string{"calm", "over", "watch", "raid"}[a] }

// A reading is what the radar sees now.
type reading struct {
	level   alarm
	rose    bool     // since the reading before
	ended   bool     // the raid that the reading before told of
	reasons []string // in words, the weightiest first
	joins   int      // in the last minute
	fresh   int      // of the last ten minutes' arrivals: never seen
	joined  int      // strangers who came in the raid that is or was
}

// read weighs what has come in. Strangers coming in numbers make one side of a
// raid, and what they have in common the other. Numbers alone are a premiere,
// and regulars who chant are an evening like others.
func (r *radar) read(st room.State, now time.Time) reading {
	r.forget(now)
	var out reading
	for _, a := range r.arrivals {
		if now.Sub(a.at) <= time.Minute {
			out.joins++
		}
	}
	strangers := r.strangers()
	out.fresh = len(strangers)
	signs := r.signs(st, strangers)
	fresh := r.sinceCalm(strangers, signs)
	coming := r.weighComing(&out, fresh, len(strangers)-len(fresh))
	alike := r.weighLikeness(&out, fresh, signs)
	seen := alarmNone
	switch {
	case coming >= 2 && alike >= 2:
		seen = alarmRaid
	case coming >= 2, coming >= 1 && alike >= 1, alike >= 3:
		seen = alarmWatch
	}
	before := r.level
	r.step(seen, r.pressing(fresh, signs, now), len(fresh), now)
	out.level, out.joined = r.level, r.joined
	out.rose = out.level > before
	out.ended = before == alarmRaid && out.level == alarmOver
	if out.level <= alarmOver {
		out.reasons = nil
	}
	r.settle(now, out.joins)
	return out
}

// strangers are the arrivals whose first visit this is.
func (r *radar) strangers() []*arrival {
	var out []*arrival
	for _, a := range r.arrivals {
		if a.isNew() && a.user.Rank < room.RankModerator {
			out = append(out, a)
		}
	}
	return out
}

// weighComing is 0 to 4: how many come at once, and how many of them are new.
// Without anybody new it is 0, as after the server has thrown all out. past are
// those of an alarm that is over.
func (r *radar) weighComing(out *reading, strangers []*arrival, past int) int {
	many := r.many()
	if len(strangers) < 4 {
		return 0
	}
	weight := grade(float64(out.joins), many, 2*many)
	if weight > 0 {
		out.reasons = append(out.reasons, atLeast(out.joins, radarPeople, "join")+" in a minute")
	}
	arrivals := len(r.arrivals) - past
	share := len(strangers) * 100 / arrivals
	if fresh := grade(float64(len(strangers)), 4, 8); fresh > 0 && share >= 50 {
		out.reasons = append(out.reasons, fmt.Sprintf("%d of %s never seen before", len(strangers), bounded(arrivals, radarPeople)))
		weight += fresh
	}
	return weight
}

// weighLikeness is 0 to 7: what the strangers have in common.
func (r *radar) weighLikeness(out *reading, strangers []*arrival, signs map[string]signs) int {
	weight, said, heard := 0, 0, map[sign]int{}
	for _, a := range strangers {
		said += a.said
		for s := range signs[a.key] {
			heard[s]++
		}
	}
	for _, s := range []sign{signAlike, signAliases, signName} {
		if w := grade(float64(heard[s]), 3, 5); w > 0 {
			weight += w
			out.reasons = append(out.reasons, fmt.Sprintf("%d %s", heard[s], s.ofMany()))
		}
	}
	if said >= manyLines && len(strangers) >= 3 {
		weight++
		out.reasons = append(out.reasons, atLeast(said, radarLines, "line")+" by strangers in a minute")
	}
	return weight
}

// grade is 0 below one, 1 from it on, and 2 from two on.
func grade(n, one, two float64) int {
	switch {
	case n >= two:
		return 2
	case n >= one:
		return 1
	}
	return 0
}

// text is the reading in a sentence.
func (r reading) text() string {
	switch r.level {
	case alarmOver:
		return "raid over, " + strangersJoined(r.joined)
	case alarmNone:
		return fmt.Sprintf("calm: %s in a minute, %s in ten", atLeast(r.joins, radarPeople, "join"), atLeast(r.fresh, radarPeople, "stranger"))
	}
	lead := "many strangers"
	if r.level == alarmRaid {
		lead = "this looks like a raid"
	}
	return lead + ": " + strings.Join(r.reasons, ", ")
}

func strangersJoined(n int) string { return atLeast(n, radarPeople, "stranger") + " joined" }

// bounded is a number that is counted up to a bound: where it has come there, at
// least so many.
func bounded(n, bound int) string {
	if n >= bound {
		return grouped(uint64(bound)) + "+"
	}
	return grouped(uint64(n))
}

// atLeast is bounded with what is counted.
func atLeast(n, bound int, of string) string {
	if n >= bound {
		return bounded(n, bound) + " " + of + "s"
	}
	return count(uint64(n), of)
}

// A suspect is a person on the list that a bulk action is made from.
type suspect struct {
	name   string
	at     time.Time // when they came
	signs  []string  // in words
	gone   bool      // has left the room
	ticked bool
}

// floodLines is how many lines in a minute are more than talk.
const floodLines = 10

// suspects are the strangers who are in the room or have just been: those against
// whom the most speaks first, who is here before who has left, and then the
// newest. Ticked are those who have something in common with others or flood;
// who is only new is for the person to judge, unless it is a raid and they came
// with it.
func (r *radar) suspects(st room.State, now time.Time) (list []suspect, left leftOut) {
	r.forget(now)
	strangers := r.strangers()
	for _, a := range r.arrivals {
		left.count(a)
	}
	all := r.signs(st, strangers)
	for _, a := range strangers {
		s := suspect{name: a.user.Name, at: a.at}
		for _, sign := range []sign{signAlike, signAliases, signName} {
			if all[a.key][sign] {
				s.signs = append(s.signs, sign.ofOne())
			}
		}
		if (r.level == alarmRaid || r.level == alarmOver) && cameAtOnce(a, strangers) {
			s.signs = append(s.signs, "came with others at once")
		}
		if a.said >= floodLines {
			s.signs = append(s.signs, atLeast(a.said, radarLines, "line")+" in a minute")
		}
		s.ticked = len(s.signs) > 0
		_, here := st.User(a.user.Name)
		s.gone = !here
		list = append(list, s)
	}
	slices.SortStableFunc(list, func(a, b suspect) int {
		if n := cmp.Compare(len(b.signs), len(a.signs)); n != 0 {
			return n
		}
		switch {
		case !a.gone && b.gone:
			return -1
		case a.gone && !b.gone:
			return 1
		}
		return b.at.Compare(a.at)
	})
	return list, left
}

// leftOut counts those who have just come and are not on the list.
type leftOut struct{ moderators, seen, registered int }

func (l *leftOut) count(a *arrival) {
	switch {
	case a.user.Rank >= room.RankModerator:
		l.moderators++
	case a.known == seenBefore:
		l.seen++
	case !a.isNew():
		l.registered++
	}
}

// text says how many they are and why; empty for nobody.
func (l leftOut) text() string {
	var why []string
	if l.moderators > 0 {
		why = append(why, count(uint64(l.moderators), "moderator"))
	}
	if l.seen > 0 {
		why = append(why, grouped(uint64(l.seen))+" seen here before")
	}
	if l.registered > 0 {
		why = append(why, grouped(uint64(l.registered))+" registered, of whom the database has not told")
	}
	if len(why) == 0 {
		return ""
	}
	return "Not listed: " + strings.Join(why, ", ")
}
