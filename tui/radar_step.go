package tui

import (
	"slices"
	"time"

	"rosey/bus/room"
)

// An alarm rises at once and falls in steps, as what raised it lets up: a raid
// is over when hardly a stranger has come or joined in for a minute, and is told
// to be over for a minute more. It takes more to raise an alarm than to keep it.

// lull is how long an alarm stands, or a raid is told to be over, once nothing
// keeps it up.
const lull = time.Minute

// manyLines by strangers in a minute are more than a greeting each.
const manyLines = 8

// A pressure is what strangers do now, in the last minute.
type pressure struct {
	joins, alike, said int
}

// many are so many joins in a minute that they raise an alarm.
func (r *radar) many() float64 { return max(6, 3*r.usual) }

// pressing is what those who count do now.
func (r *radar) pressing(fresh []*arrival, signs map[string]signs, now time.Time) pressure {
	var p pressure
	for _, a := range fresh {
		if now.Sub(a.at) <= time.Minute {
			p.joins++
		}
		if signs[a.key][signAlike] {
			p.alike++
		}
		p.said += a.said
	}
	return p
}

// sinceCalm are the strangers who count towards an alarm: who came since the
// last one was over, and who of those before them chants now.
func (r *radar) sinceCalm(strangers []*arrival, signs map[string]signs) []*arrival {
	var out []*arrival
	for _, a := range strangers {
		if a.at.After(r.calm) && !a.past || signs[a.key][signAlike] {
			out = append(out, a)
		}
	}
	return out
}

// attach begins to look at a room that others have been in for a while, at now.
// What came to an end before is no alarm of ours: who came in the last minute and
// is here still counts, and no other does unless they chant from now on.
func (r *radar) attach(st room.State, now time.Time) {
	if since := now.Add(-lull); since.After(r.calm) {
		r.calm = since
	}
	for _, a := range r.arrivals {
		_, here := st.User(a.user.Name)
		a.past = !here
	}
	r.lines = slices.DeleteFunc(r.lines, func(u utterance) bool {
		a := r.arrival(u.who)
		return a == nil || a.past
	})
}

// keeps tells whether p is enough for an alarm to stand.
func (r *radar) keeps(a alarm, p pressure) bool {
	talk := p.alike >= 3 || p.said >= manyLines
	switch a {
	case alarmRaid:
		return talk || float64(p.joins) >= r.many()/3
	case alarmWatch:
		return talk || p.joins > 0
	}
	return false
}

// step takes the alarm to what is seen, or a step down where nothing keeps it.
func (r *radar) step(seen alarm, p pressure, came int, now time.Time) {
	for seen > r.level && !r.keeps(seen, p) {
		seen--
	}
	switch {
	case seen > r.level:
		r.level, r.kept, r.joined = seen, now, came
	case r.keeps(r.level, p):
		r.kept, r.joined = now, max(r.joined, came)
	case r.level == alarmRaid:
		r.level, r.kept, r.calm = alarmOver, now, now
	case r.level > alarmNone && now.Sub(r.kept) >= lull:
		r.level, r.calm = alarmNone, now
	}
}
