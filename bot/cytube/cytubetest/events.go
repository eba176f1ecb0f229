package cytubetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// handle gives an event of the client to whoever knows it. Unknown events,
// and a channel's events outside of one, are ignored (PROTOCOL.md §2).
func (u *user) handle(r request) {
	if u.events != nil && !u.events.take(u.s.loop.now()) {
		u.kick("Rate limit exceeded")
		return
	}
	if r.name == "initACP" {
		u.onceNamed(u.initACP)
		return
	}
	if h, ok := doorEvents[r.name]; ok {
		h(u, r)
		return
	}
	h, ok := u.s.events[r.name]
	if !ok || !u.inChannel {
		return
	}
	if problem := h.shape.check(decode(r.arg)); problem != "" {
		u.complain("Unexpected error for message " + r.name + ": " + problem)
		return
	}
	h.handle(u.channel, u, r)
}

// initACP opens the site's control panel to its administrators. Of the panel
// only announcements are here.
func (u *user) initACP() {
	u.panel = u.globalRank >= 255
	if !u.panel {
		u.kick("Attempted initACP from non privileged user.  This incident will be reported.")
	}
}

func (u *user) announce(r request) {
	if v, ok := decode(r.arg).(map[string]any); ok && u.panel {
		title, _ := v["title"].(string)
		content, _ := v["content"].(string)
		u.s.announce(title, content, u.name)
	}
}

func (u *user) endAnnouncement(request) {
	if u.panel {
		u.s.announcement = nil
	}
}

// doorEvents are heard from the start of a session.
var doorEvents = map[string]func(*user, request){
	"login":           (*user).login,
	"joinChannel":     (*user).join,
	"channelPassword": (*user).channelPassword,
	"borrow-rank":     (*user).borrowRank,

	"acp-announce":       (*user).announce,
	"acp-announce-clear": (*user).endAnnouncement,
}

// channelEvent is an event that is heard in a channel.
type channelEvent struct {
	handle func(*channel, *user, request)
	shape  shape // nil: not checked
}

// channelEvents is made for each server: a variable would have to be
// initialised with handlers that look into it.
func channelEvents() map[string]channelEvent {
	return map[string]channelEvent{
		"chatMsg": {(*channel).chatMsg, shape{{"msg", "string"}, {"meta", "object,optional"}}},
		"pm":      {(*channel).privateMessage, shape{{"msg", "string"}, {"to", "string"}, {"meta", "object,optional"}}},

		"newPoll": {(*channel).newPoll, shape{{"title", "string"}, {"timeout", "number,optional"},
			{"obscured", "boolean"}, {"retainVotes", "boolean,optional"}, {"opts", "array"}}},
		"vote":      {(*channel).vote, shape{{"option", "number"}}},
		"closePoll": {(*channel).closePollEvent, nil},
		"voteskip":  {(*channel).voteskip, nil},

		"queue": {(*channel).queue, shape{{"id", "string,boolean"}, {"type", "string"}, {"pos", "string"},
			{"title", "string,boolean,optional"}, {"duration", "number,optional"}, {"temp", "boolean,optional"}}},
		"setTemp":            {(*channel).setTemp, shape{{"uid", "number"}, {"temp", "boolean"}}},
		"moveMedia":          {(*channel).moveMedia, shape{{"from", "number"}, {"after", "string,number"}}},
		"delete":             {(*channel).deleteEvent, nil},
		"jumpTo":             {(*channel).jumpTo, nil},
		"playNext":           {(*channel).playNextEvent, nil},
		"playerReady":        {(*channel).playerReady, nil},
		"requestPlaylist":    {(*channel).requestPlaylist, nil},
		"clearPlaylist":      {(*channel).clearPlaylist, nil},
		"shufflePlaylist":    {(*channel).shufflePlaylist, nil},
		"togglePlaylistLock": {(*channel).toggleLock, nil},
		"assignLeader":       {(*channel).assignLeader, shape{{"name", "string"}}},
		"mediaUpdate": {(*channel).mediaUpdate, shape{{"id", "string"}, {"currentTime", "number"},
			{"paused", "boolean,optional"}, {"type", "string,optional"}}},

		"listPlaylists":  {(*channel).listPlaylistsEvent, nil},
		"clonePlaylist":  {(*channel).clonePlaylist, shape{{"name", "string"}}},
		"deletePlaylist": {(*channel).deletePlaylist, shape{{"name", "string"}}},
		"queuePlaylist":  {(*channel).queuePlaylist, shape{{"name", "string"}, {"pos", "string"}, {"temp", "boolean,optional"}}},
		"searchMedia":    {(*channel).searchMedia, shape{{"source", "string,optional"}, {"query", "string"}}},
		"uncache":        {(*channel).uncache, shape{{"id", "string"}}},

		"setChannelRank":      {(*channel).setChannelRank, shape{{"name", "string"}, {"rank", "number"}}},
		"requestChannelRanks": {(*channel).requestRanks, nil},
		"requestBanlist":      {(*channel).requestBanlist, nil},
		"unban":               {(*channel).unban, shape{{"id", "number"}, {"name", "string"}}},
		"readChanLog":         {(*channel).readLog, nil},

		"setOptions":     {(*channel).setOptions, nil},
		"setPermissions": {(*channel).setPermissions, nil},
		"setMotd":        {(*channel).setMotd, shape{{"motd", "string"}}},
		"setChannelCSS":  {(*channel).setCSS, shape{{"css", "string"}}},
		"setChannelJS":   {(*channel).setJS, shape{{"js", "string"}}},

		"updateEmote":  {(*channel).updateEmote, nil},
		"renameEmote":  {(*channel).renameEmote, nil},
		"removeEmote":  {(*channel).removeEmote, nil},
		"importEmotes": {(*channel).importEmotes, nil},
		"moveEmote":    {(*channel).moveEmote, nil},

		"addFilter":          {(*channel).addFilter, nil},
		"updateFilter":       {(*channel).updateFilter, nil},
		"removeFilter":       {(*channel).removeFilter, nil},
		"importFilters":      {(*channel).importFilters, nil},
		"moveFilter":         {(*channel).moveFilter, nil},
		"requestChatFilters": {(*channel).requestFilters, nil},
	}
}

// borrowRank lets a site administrator take on another rank in the channel.
func (u *user) borrowRank(r request) {
	rank, ok := decode(r.arg).(float64)
	if !ok || !u.inChannel || u.globalRank < 255 || rank > u.globalRank {
		return
	}
	u.channelRank, u.rank = rank, rank
	u.emit("rank", rank)
	u.channel.broadcast("setUserRank", userRank{Name: u.name, Rank: rank})
}

// undefined is what a missing argument is in JavaScript.
type undefined struct{}

// decode gives an argument as encoding/json does, or undefined.
func decode(arg json.RawMessage) any {
	if arg == nil {
		return undefined{}
	}
	var v any
	if json.Unmarshal(arg, &v) != nil {
		return undefined{}
	}
	return v
}

// object is the argument of an event whose shape has been checked.
func (r request) object() map[string]any {
	v, _ := decode(r.arg).(map[string]any)
	return v
}

// shape is the template of an object: each key with the types it may have,
// "optional" among them for one that may be missing.
type shape []struct{ key, types string }

// check gives what is wrong in the words of CyTube's type checker, or nothing.
func (s shape) check(v any) string {
	if s == nil {
		return ""
	}
	object, ok := v.(map[string]any)
	if !ok {
		return "Expected type object, got " + typeOf(v)
	}
	for _, k := range s {
		types := strings.Split(k.types, ",")
		value, given := object[k.key]
		switch {
		case !given && slices.Contains(types, "optional"):
		case !given:
			return "Missing key: " + k.types + ":" + k.key
		case !slices.Contains(types, typeOf(value)):
			return fmt.Sprintf("Expected key %s to be of type %s, instead got %s", k.key, k.types, typeOf(value))
		}
	}
	return ""
}

func typeOf(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case float64:
		return "number"
	case bool:
		return "boolean"
	case nil:
		return "null"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "undefined"
}
