package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// A siege feeds a radar with what happens in a made-up room.
type siege struct {
	r   radar
	st  room.State
	now time.Time
	db  map[string]bool // who was seen before
}

func newSiege() *siege {
	s := &siege{st: movieNight(), now: evening, db: map[string]bool{}}
	for _, u := range s.st.Users {
		s.db[room.Fold(u.Name)] = true
	}
	return s
}

func (s *siege) wait(d time.Duration) { s.now = s.now.Add(d) }

func (s *siege) join(name string, rank float64, aliases ...string) {
	u := user(name, rank)
	u.Meta.Aliases = append(aliases, name)
	e := &room.UserJoin{User: name, UserData: u}
	s.r.join(s.st, e, s.now)
	s.st = room.Apply(s.st, e)
	s.answer()
}

// answer has the database answer what the radar wants to know.
func (s *siege) answer() {
	names := s.r.askAbout()
	var users []bus.UserStats
	for _, n := range names {
		first := s.now.Unix()
		if s.db[room.Fold(n)] {
			first -= 30 * 24 * 3600
		}
		users = append(users, bus.UserStats{Username: n, FirstSeen: first})
	}
	s.r.learn(names, users, false)
}

func (s *siege) read() reading { return s.r.read(s.st, s.now) }

func TestRaidsAreSeen(t *testing.T) {
	raids := map[string]func(*siege){
		"the same line from many strangers": func(s *siege) {
			for i := range 12 {
				s.join(fmt.Sprintf("sock%c", 'a'+i), 0)
				s.wait(time.Second)
				s.r.say(fmt.Sprintf("sock%c", 'a'+i), fmt.Sprintf("JOIN OUR SERVER example.org/%d", i*7), s.now)
			}
		},
		"strangers from a few addresses": func(s *siege) {
			for i := range 10 {
				s.join(fmt.Sprintf("fresh%c", 'a'+i), 1, fmt.Sprint("old", i%2), fmt.Sprint("old", (i+1)%2))
				s.wait(3 * time.Second)
			}
		},
		"look-alikes of regulars who flood": func(s *siege) {
			for i, n := range []string{"A1ice_1", "b0b_2", "car0l_3", "dav3_4", "g1na_5", "A1ic3_6", "B0b7", "mod_28"} {
				s.join(n, 0)
				s.wait(2 * time.Second)
				for k := range 2 {
					s.r.say(n, fmt.Sprintf("%s number %d says a thing of their own %s", n, i, strings.Repeat(n, k)), s.now)
				}
			}
		},
	}
	for name, raid := range raids {
		t.Run(name, func(t *testing.T) {
			s := newSiege()
			if r := s.read(); r.level != alarmNone || r.text() != "calm: 0 joins in a minute, 0 strangers in ten" {
				t.Fatalf("before: %s", r.text())
			}
			raid(s)
			r := s.read()
			if r.level != alarmRaid || !r.rose {
				t.Errorf("level %s, rose %v: %s", r.level.word(), r.rose, r.text())
			}
			if len(r.reasons) < 3 {
				t.Errorf("reasons %q", r.reasons)
			}
			if again := s.read(); again.rose {
				t.Error("rises twice")
			}
			list, left := s.r.suspects(s.st, s.now)
			if (left != leftOut{}) || len(list) != len(s.r.arrivals) {
				t.Errorf("%d suspects, %v left out", len(list), left)
			}
			for _, one := range list {
				if !one.ticked {
					t.Errorf("%s is not ticked", one.name)
				}
			}
			for s.now.Sub(last(s)) < 3*time.Minute {
				s.wait(time.Second)
				if s.read().level == alarmNone {
					break
				}
			}
			if r, after := s.read(), s.now.Sub(last(s)); r.level != alarmNone || after < time.Minute {
				t.Errorf("%s after the last came: %s", after, r.text())
			}
		})
	}
}

func TestBusyEveningsAreCalm(t *testing.T) {
	evenings := map[string]func(*siege){
		"everybody comes back after a restart": func(s *siege) {
			for i := range 40 {
				name := fmt.Sprint("regular", i)
				s.db[name] = true
				s.join(name, 1, fmt.Sprint("regular", i+1))
				s.wait(200 * time.Millisecond)
			}
		},
		"regulars chant": func(s *siege) {
			for range 20 {
				s.r.say("bob", "ONE OF US ONE OF US ONE OF US", s.now)
				s.r.say("Alice", "ONE OF US ONE OF US ONE OF US", s.now)
				s.wait(time.Second)
			}
		},
		"a stranger every two minutes": func(s *siege) {
			for i := range 20 {
				s.join(fmt.Sprint("visitor", string(rune('a'+i))), 0)
				s.r.say(fmt.Sprint("visitor", string(rune('a'+i))), "hello, what is on tonight?", s.now)
				if r := s.read(); r.level > alarmWatch {
					t.Fatalf("after %d: %s", i, r.text())
				}
				s.wait(2 * time.Minute)
			}
		},
		"one who comes and goes": func(s *siege) {
			for range 30 {
				s.join("flaky", 0)
				s.st = room.Apply(s.st, &room.UserLeave{User: "flaky"})
				s.wait(time.Second)
			}
		},
		"moderators": func(s *siege) {
			for i := range 10 {
				s.join(fmt.Sprint("newmod", i), 2)
			}
		},
	}
	for name, happen := range evenings {
		t.Run(name, func(t *testing.T) {
			s := newSiege()
			happen(s)
			if r := s.read(); r.level != alarmNone {
				t.Errorf("%s: %s", r.level.word(), r.text())
			}
		})
	}
}

// A premiere brings strangers who have nothing else in common.
func TestAPremiereIsWatchedAndIsNoRaid(t *testing.T) {
	s := newSiege()
	lines := []string{"hi all", "is it on yet?", "first time here, nice place", "where do I click", "lovely poster", "popcorn ready!"}
	for i := range 14 {
		name := fmt.Sprint("guest", string(rune('a'+i)))
		s.join(name, 0)
		s.wait(2 * time.Second)
		if i < len(lines) {
			s.r.say(name, lines[i], s.now)
		}
	}
	r := s.read()
	if r.level != alarmWatch {
		t.Errorf("%s: %s", r.level.word(), r.text())
	}
	list, _ := s.r.suspects(s.st, s.now)
	for _, one := range list {
		if one.ticked {
			t.Errorf("%s is ticked for %q", one.name, one.signs)
		}
	}
}

func TestModeratorsAndKnownPeopleAreLeftOut(t *testing.T) {
	s := newSiege()
	s.db["regular"] = true
	s.join("regular", 1)
	s.join("helper", 2)
	for i := range 8 {
		s.join(fmt.Sprint("sock", string(rune('a'+i))), 0, "puppeteer")
	}
	s.st = room.Apply(s.st, &room.UserLeave{User: "socka"})
	list, left := s.r.suspects(s.st, s.now)
	var names []string
	for _, one := range list {
		names = append(names, one.name)
	}
	if (left != leftOut{moderators: 1, seen: 1}) || len(list) != 8 || slices.Contains(names, "regular") || slices.Contains(names, "helper") {
		t.Errorf("%v left out, suspects %q", left, names)
	}
	if got := list[7]; !slices.Equal(got.signs, []string{"shares aliases with others"}) || !got.gone {
		t.Errorf("signs of who has left: %q, gone %v", got.signs, got.gone)
	}
}

// While the database does not answer, guests count as strangers and accounts
// do not; a question that failed is asked again.
func TestWithoutTheDatabase(t *testing.T) {
	s := newSiege()
	for i := range 6 {
		for _, rank := range []float64{0, 1} {
			name := fmt.Sprintf("who%v%c", rank, 'a'+i)
			s.r.join(s.st, &room.UserJoin{User: name, UserData: user(name, rank)}, s.now)
		}
	}
	if got := s.read().fresh; got != 6 {
		t.Errorf("%d strangers, want the 6 guests", got)
	}
	names := s.r.askAbout()
	if len(names) != 12 || s.r.askAbout() != nil {
		t.Errorf("asks about %q, and again about the same", names)
	}
	s.r.learn(names, nil, true)
	if len(s.r.askAbout()) != 12 {
		t.Error("does not ask again after a failure")
	}
}

func TestTheUsualRateRaisesTheBar(t *testing.T) {
	s := newSiege()
	for range 120 { // a busy room: eight join each minute, all known
		for i := range 8 {
			name := fmt.Sprint("known", s.now.UnixMilli(), i)
			s.db[name] = true
			s.join(name, 1)
			s.st = room.Apply(s.st, &room.UserLeave{User: name})
		}
		s.wait(time.Minute)
		s.read()
	}
	if s.r.usual < 5 {
		t.Errorf("usual is %.1f joins a minute after two hours of eight", s.r.usual)
	}
}

func TestRadarIsBounded(t *testing.T) {
	s := newSiege()
	for i := range 3 * radarPeople {
		name := fmt.Sprint("x", i)
		s.r.join(s.st, &room.UserJoin{User: name, UserData: user(name, 0)}, s.now)
		s.r.say(name, "a line that is long enough", s.now)
	}
	if len(s.r.arrivals) != radarPeople || len(s.r.lines) != radarLines {
		t.Errorf("%d people, %d lines", len(s.r.arrivals), len(s.r.lines))
	}
}

func TestLikenessOfLines(t *testing.T) {
	cases := []struct {
		a, b  string
		alike bool
	}{
		{"join our server at example.org", "JOIN OUR SERVER AT EXAMPLE.ORG!!", true},
		{"free movies click here 12345", "free movies click here 99", true},
		{"AAAAAAAAAAAAAAAAAA", "aaaaaaaaaaaaaaaaaaaaaaaaaa", true},
		{"this film is great", "this soup is terrible", false},
		{"lol", "lol", false},
		{"", "", false},
	}
	for _, c := range cases {
		if got := jaccard(shingles(c.a), shingles(c.b)); (got >= alikeFrom) != c.alike {
			t.Errorf("%q and %q: %.2f", c.a, c.b, got)
		}
	}
}

func BenchmarkRadarReads(b *testing.B) {
	s := newSiege()
	for i := range 2 * radarLines {
		name := fmt.Sprint("x", i)
		s.join(name, 0)
		s.r.say(name, fmt.Sprintf("%d %s", i, strings.Repeat("some words of mine ", 8)), s.now)
	}
	for b.Loop() {
		s.read()
	}
}

// A raid of look-alikes is ticked whole; a regular who talks meanwhile is not.
func TestTheListOfADemoRaid(t *testing.T) {
	s := newSiege()
	s.db["chatty"] = false
	s.join("chatty", 1)
	s.wait(2 * time.Minute)
	for i, n := range []string{"A1ic3_10", "b0b_11", "car0l_12", "dav3_13", "g1na_14", "A1ic3_15", "b0b_16"} {
		s.join(n, 0)
		s.wait(200 * time.Millisecond)
		s.r.say(n, fmt.Sprintf("%d and a line of their own", i), s.now)
		s.r.say("chatty", fmt.Sprint("what is going on ", i), s.now)
	}
	if r := s.read(); r.level != alarmRaid {
		t.Fatal(r.text())
	}
	list, _ := s.r.suspects(s.st, s.now)
	for _, one := range list {
		if one.ticked != (one.name != "chatty") {
			t.Errorf("%s: ticked %v, %q", one.name, one.ticked, one.signs)
		}
	}
}

func TestSkeletons(t *testing.T) {
	for fake, real := range map[string]string{
		"A1ic3_10": "Alice", "unc13_r331_10": "uncle_reel", "p0pc0rn_p3t3_111": "popcorn_pete", "vhs_gh0st": "VHS-ghost", "mod_28": "mod2",
	} {
		if !slices.ContainsFunc(skeletons(fake), func(s string) bool { return slices.Contains(skeletons(real), s) }) {
			t.Errorf("%s %q, %s %q", fake, skeletons(fake), real, skeletons(real))
		}
	}
	if slices.ContainsFunc(skeletons("carol"), func(s string) bool { return slices.Contains(skeletons("caroline"), s) }) {
		t.Error("carol looks like caroline")
	}
}

// last is when the last one came.
func last(s *siege) time.Time { return s.r.arrivals[len(s.r.arrivals)-1].at }

// A raid is told to be over for a while, and what was of it counts no more: one
// newcomer raises nothing, a second wave does.
func TestARaidLetsUpInSteps(t *testing.T) {
	s := newSiege()
	wave := func(of string) {
		for i := range 10 {
			s.join(fmt.Sprintf("%s%c", of, 'a'+i), 0, of)
			s.wait(3 * time.Second)
			s.read()
		}
	}
	wave("sock")
	if r := s.read(); r.level != alarmRaid || r.joined != 10 {
		t.Fatalf("%s, %d joined", r.text(), r.joined)
	}
	var steps []string
	for range 200 {
		before := s.r.level
		s.wait(time.Second)
		if r := s.read(); r.level != before {
			steps = append(steps, r.text())
			if r.ended != (r.level == alarmOver) {
				t.Errorf("ended %v: %s", r.ended, r.text())
			}
		}
	}
	if len(steps) != 2 || steps[0] != "raid over, 10 strangers joined" || !strings.HasPrefix(steps[1], "calm: 0 joins") {
		t.Fatalf("steps %q", steps)
	}
	s.join("newcomer", 0)
	if r := s.read(); r.level != alarmNone {
		t.Errorf("one newcomer: %s", r.text())
	}
	if list, _ := s.r.suspects(s.st, s.now); len(list) != 11 {
		t.Errorf("%d on the list", len(list))
	}
	wave("glove")
	if r := s.read(); r.level != alarmRaid || r.joined != 11 {
		t.Errorf("second wave: %s, %d joined", r.text(), r.joined)
	}
}

// What would not raise an alarm keeps one up: it does not flicker.
func TestARaidThatGoesOnSlowlyStands(t *testing.T) {
	s := newSiege()
	for i := range 10 {
		s.join(fmt.Sprintf("sock%c", 'a'+i), 0, "puppeteer")
	}
	rose := 0
	for i := range 300 {
		if i%25 == 0 {
			s.join(fmt.Sprintf("late%c", 'a'+i/25), 0, "puppeteer")
		}
		r := s.read()
		if r.rose {
			rose++
		}
		if r.level != alarmRaid {
			t.Fatalf("after %d s: %s", i, r.text())
		}
		s.wait(time.Second)
	}
	if rose != 1 {
		t.Errorf("rose %d times", rose)
	}
}

// CyTube tells of the channel's owner as of a user first, and of the rank that
// comes with the login after that.
func TestTheRadarGoesByTheRankOfNow(t *testing.T) {
	m, _ := sceneModel(t, 120, 40)
	m.Update(updates("movienight",
		event(&room.UserJoin{User: "boss", UserData: user("boss", 0)}), event(&room.UserRank{User: "Boss", Rank: 5}),
		event(&room.UserJoin{User: "deputy", UserData: user("deputy", 0)}), event(&room.UserJoin{User: "deputy", UserData: user("deputy", 2)}),
		event(&room.UserJoin{User: "new1", UserData: user("new1", 0)})))
	v := m.room()
	list, left := v.radar.suspects(v.state, m.now)
	if len(list) != 1 || list[0].name != "new1" || left.moderators != 2 {
		t.Errorf("listed %+v, left out %+v", list, left)
	}
	if n := v.radar.read(v.state, m.now).fresh; n != 1 {
		t.Errorf("%d strangers", n)
	}
}
