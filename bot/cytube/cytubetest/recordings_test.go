package cytubetest

import (
	"testing"
	"time"
)

// notReplayed are recordings that are no exchange of frames, or that lack
// what a replay needs.
var notReplayed = map[string]string{
	"a-socketconfig":                 "HTTP; TestSocketConfigAsRecorded",
	"a-guest-join-sioclient-default": "begins with long polling, which the server does not speak",
	"f-join-race-unload":             "three of fourteen tries were kept, and the others made what these found",
}

// together were recorded at the same time, in one room for the most part.
var together = []string{
	"g-ping-answered", "g-ping-not-answered", "g-no-namespace-connect", "g-reconnect-same-websocket", "g-framing",
	"f-login-errors", "f-channel-password", "f-join-errors", "f-connection-rate", "f-channel-unload", "f-announcement",
}

// late is by how much the server heard the clients of a recording later than
// those of the others: they sent their joins in the same millisecond, and it
// took them in another order.
var late = map[string]time.Duration{"g-ping-answered": 5 * time.Millisecond}

// visits makes names known on addresses, as earlier recordings had.
func visits(pairs ...string) func(*Server) {
	return func(s *Server) {
		for i := 0; i < len(pairs); i += 2 {
			s.recordVisit(pairs[i], pairs[i+1])
		}
	}
}

// setups are the recordings that need more than the usual server, or differ.
var setups = map[string]setup{
	"b-cookie-login": {
		options: func(o *Options) { o.LateRanks = true },
		before: func(s *Server) {
			s.cookies["s%3Arosey%3A1796075735000%3AoHkiBvxAwYaDxK%2BlfdBfdkZns0PEvCPB%3A1%2FukeQTXyqf1qrbxB6Wkby%2BDDSA1Que4yEtYTHODUE4%3D%3A1.%2Fnxj%2FudCpgH2%2Bm2sUEHuxo3TzK70RHYiktJj%2F29uZto"] = s.accounts["rosey"]
		},
	},
	"c-chat-forms": {differ: []difference{
		{text: `-42["setMotd","Welcome <b>all</b> \""]`, why: "CyTube's sanitiser loses text after a script it removes; ours keeps it"},
		{text: `+42["setMotd","Welcome <b>all</b>  &amp; \"quotes\""]`, why: "the same"},
	}},
	"d-ban": {before: visits("10.9.216.8", "bob", "10.9.216.6", "rosey")},
	"d-poll-voteskip": {
		moves: []string{`42["queue",{"after":0,`, `42["setPlaylistMeta",{"count":2,`}, // two queue frames in one read: CyTube starts the first item after both
	},
	"e-playlist-edit": {
		before: func(s *Server) { s.shuffle = func(int) []int { return []int{2, 0, 1} } },
		moves:  []string{`42["playlist",[]]`, `42["setPlaylistMeta",{"count":0`}, // a guest's leave came between the two frames of a clear
	},
	"f-blacklisted-link":  {options: func(o *Options) { o.LinkBlacklist = []string{"evil.example"} }},
	"f-connection-limit":  {options: func(o *Options) { o.IPConnectionLimit = 2 }},
	"f-global-ban":        {options: func(o *Options) { o.BannedAddresses = []string{"10.66.6.6"} }},
	"f-guest-login-delay": {options: func(o *Options) { o.GuestLoginDelay = time.Minute }},
	"f-inbound-rate-limit": {
		options: func(o *Options) { o.EventLimit = EventLimit{5, 5} },
		differ: []difference{
			{text: `+42["chatMsg",{"meta":{},"msg":"m`, why: "CyTube read the flood at once and kicked before it had handled any of it"},
			{text: "+closed 1005", why: "likewise: here, what comes after the 41 closes"},
		},
	},
	"f-join-lost-first-seen": {before: func(s *Server) { s.faults.lostJoins = 1 }},
	"f-server-stop-sigint":   {notes: stops("SIGINT to the server", true)},
	"f-server-stop-sigkill":  {notes: stops("SIGKILL to the server", false)},
	"h-admin":                {before: visits("10.9.38.2", "InUse")},
	"h-large-join-frame": {before: func(s *Server) {
		s.Channel("otherroom").Puppet("rosey", 3)
		s.Channel("otherroom").Puppet("bob", 1).AFK(true)
	}},
	"together": {
		notes: map[string]func(*replay){
			"operator unloads the channel": func(r *replay) { r.s.Channel("otherroom").Unload() },
		},
		differ: []difference{
			{text: `-42["acp-gbanlist",`, why: "the site's control panel is not served"},
		},
	},
}

// stops ends the server at a note, and starts it again when that is noted.
func stops(note string, saved bool) map[string]func(*replay) {
	return map[string]func(*replay){
		note: func(r *replay) {
			if err := r.s.Stop(); err != nil {
				r.t.Error(err)
			}
		},
		"server starts again": func(r *replay) {
			if err := r.s.Restart(saved); err != nil {
				r.t.Error(err)
			}
		},
	}
}

func TestReplayTablesNameRecordings(t *testing.T) {
	for _, names := range [][]string{keys(notReplayed), keys(setups), together} {
		for _, name := range names {
			if name != "together" {
				readRecording(t, name)
			}
		}
	}
}

func keys[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	return names
}
