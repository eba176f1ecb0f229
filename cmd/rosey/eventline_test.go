package main

import (
	"strings"
	"testing"

	"rosey/bus/room"
)

// eventLines has one event of each kind and its line.
var eventLines = map[string]struct{ data, want string }{
	"ban_removed":       {`{"id":4,"name":"troll"}`, "ban removed: troll"},
	"banlist":           {`{"bans":[{"id":1},{"id":2}]}`, "bans: 2"},
	"channel_log":       {`{"success":true,"text":"a\nb"}`, "channel log: 2 lines"},
	"chat_cleared":      {`{"user":"Mod"}`, "chat was cleared by Mod"},
	"connection":        {`{"state":"down","reason":"no route","since":1}`, "connection down: no route"},
	"current":           {`{"uid":7}`, "current: item 7"},
	"drinks":            {`{"count":3}`, "drinks: 3"},
	"emote_removed":     {`{"name":":x:"}`, "emote removed: :x:"},
	"emote_set":         {`{"old":":x:","emote":{"name":":y:","image":"u"}}`, "emote :x: is now :y:"},
	"emotes":            {`{"emotes":[{"name":":x:"}]}`, "emotes: 1"},
	"action":            {`{"actor":"sam","verb":"kick","target":"bob","reason":"caps","status":"no_effect"}`, "action: sam kick bob: caps (no effect)"},
	"handover":          {`{"text":"watch\nbob","by":"sam"}`, "handover by sam: watch bob"},
	"filter_added":      {`{}`, "chat filter added"},
	"filter_removed":    {`{"name":"bold"}`, "chat filter removed: bold"},
	"filter_set":        {`{"filter":{"name":"bold"}}`, "chat filter set: bold"},
	"filters":           {`{"filters":[]}`, "chat filters: 0"},
	"gap":               {`{"from":3,"to":9}`, "gap: events 3 to 9 cannot be had any more"},
	"kicked":            {`{"reason":"Duplicate login"}`, "the bot was kicked: Duplicate login"},
	"leader":            {`{"user":""}`, "leader: nobody"},
	"login":             {`{"success":false,"error":"Invalid username."}`, "login failed: Invalid username."},
	"media_change":      {`{"media":{"title":"Plan 9","duration":"1:19:00"}}`, "now playing: Plan 9 (1:19:00)"},
	"media_update":      {`{"position":3725.4,"paused":true,"time":1}`, "player at 1:02:05, paused"},
	"message":           {`{"user":"Al","content":"hi","style":"action"}`, "* Al hi"},
	"motd":              {`{"text":"two\nlines"}`, "motd: two lines"},
	"moved":             {`{"uid":2,"after":{"where":"uid","uid":5}}`, "moved: item 2 behind item 5"},
	"notice":            {`{"kind":"cooldown","wait":1500}`, "notice cooldown: wait 1.5s"},
	"options":           {`{"page_title":"Movies"}`, "channel options: Movies"},
	"password_accepted": {`{}`, "the channel's password was accepted"},
	"password_needed":   {`{"wrong":true}`, "the channel's password is wrong"},
	"permissions":       {`{"needs":{"chat":0,"kick":2}}`, "permissions: 2"},
	"playlist":          {`{"items":[{"uid":1},{"uid":2}]}`, "queue: 2 items"},
	"playlist_lock":     {`{"locked":true}`, "queue is locked"},
	"playlist_meta":     {`{"count":5,"seconds":61,"length":"00:01:01"}`, "queue: 5 items, 00:01:01"},
	"pm":                {`{"user":"Al","recipient":"Rosey","content":"a\nb"}`, "[PM] Al -> Rosey: a b"},
	"poll_closed":       {`{}`, "the poll is closed"},
	"poll_opened":       {`{"poll":{"title":"Next?","options":["A","B"],"counts":["1","?"],"initiator":"Mod"}}`, "poll of Mod: Next? — A (1) / B (?)"},
	"poll_updated":      {`{"poll":{"title":"Next?","options":["A"],"counts":["2"]}}`, "poll: Next? — A (2)"},
	"queued":            {`{"item":{"uid":3,"media":{"title":"Plan 9","duration":"1:19:00"},"queue_by":"Al"},"after":{"where":"append"}}`, "queued by Al: Plan 9 (1:19:00) to the end"},
	"ranks":             {`{"ranks":[{"name":"Al","rank":2}]}`, "ranks: 1"},
	"removed":           {`{"uid":3}`, "removed: item 3"},
	"saved_playlists":   {`{"playlists":[]}`, "saved playlists: 0"},
	"search_results":    {`{"source":"yt","results":[{"id":"a"}]}`, "search results: 1 from yt"},
	"self_rank":         {`{"rank":1.5}`, "the bot's rank: 1.5"},
	"styling":           {`{"css_hash":"a","js_hash":"b","css_size":10,"js_size":0}`, "styling: 10 bytes of CSS, 0 of JS"},
	"temp_set":          {`{"uid":3,"temp":true}`, "item 3 is temporary"},
	"user_afk":          {`{"user":"Al","afk":true}`, "Al is away"},
	"user_count":        {`{"count":25}`, "connected: 25"},
	"user_join":         {`{"user":"Al"}`, "--> Al joined"},
	"user_leave":        {`{"user":"Al"}`, "<-- Al left"},
	"user_list":         {`{"users":[{"username":"Al"}],"count":1}`, "users: 1 here"},
	"user_meta":         {`{"user":"Al","meta":{"afk":true,"muted":true}}`, "Al is away, muted"},
	"user_profile":      {`{"user":"Al","profile":{"text":"x"}}`, "Al has a new profile"},
	"user_rank":         {`{"user":"Al","rank":2}`, "rank of Al: 2"},
	"voteskip":          {`{"count":1,"need":4}`, "skip votes: 1 of 4"},
	"voteskip_cleared":  {`{}`, "the bot's skip vote was taken back"},
}

// TestEveryEventHasItsLine covers each event there is, empty ones too.
func TestEveryEventHasItsLine(t *testing.T) {
	for _, name := range room.EventNames() {
		tt, known := eventLines[name]
		if !known {
			t.Errorf("%s has no case in this test", name)
			continue
		}
		for _, data := range []string{tt.data, "{}"} {
			e, err := room.Decode(name, []byte(data))
			if err != nil && data == "{}" {
				continue // one about nobody is refused
			}
			if err != nil {
				t.Fatal(err)
			}
			got := eventLine(e)
			if data == tt.data && got != tt.want {
				t.Errorf("%s: %q, want %q", name, got, tt.want)
			}
			if got == "" || strings.ContainsAny(got, "{}\n") || got == strings.ReplaceAll(name, "_", " ") {
				t.Errorf("%s of %s is no line for a person: %q", name, data, got)
			}
		}
	}
}

func TestGapOfUnknownLength(t *testing.T) {
	if got := eventLine(&room.Gap{Since: 1, Until: 2}); got != "gap: the bot began anew, what was missed is not known" {
		t.Errorf("%q", got)
	}
}
