package config

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// platforms checks the rooms, names them, and gives them the common proxy.
func (d *decoder) platforms(cfg *Config) {
	names := make(map[string]string)
	accounts := make(map[string]string)
	enabled := 0
	for i := range cfg.Platforms {
		p := &cfg.Platforms[i]
		path := "platforms[" + strconv.Itoa(i) + "]"
		if p.Name == "" && i == 0 {
			p.Name = "primary"
		}
		if p.Proxy == "" {
			p.Proxy = cfg.Proxy
		}
		if !p.Enabled {
			continue
		}
		enabled++
		if d.reported(path) {
			continue
		}
		d.name(p, path, names)
		d.platform(p, path)
		d.account(p, path, accounts)
	}
	if len(cfg.Platforms) > 0 && enabled == 0 {
		// No error: NATS and the database run without a bot.
		d.warnf(d.place("platforms"), "platforms", "set enabled to true in one of them", "no platform is enabled, so the bot has no room")
	}
}

// name sees to it that each room has a name of its own.
func (d *decoder) name(p *Platform, path string, names map[string]string) {
	at := d.place(path + ".name")
	if p.Name == "" {
		if d.reported(path + ".name") {
			return
		}
		d.errorf(at, path+".name", "name it, after its channel for instance", "expected a name for each platform after the first, found none")
		return
	}
	if strings.ContainsFunc(p.Name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		d.errorf(at, path+".name", "write it in visible characters", "expected a name that can be shown, found one with control or invisible characters")
		return
	}
	if other, taken := names[p.Name]; taken {
		d.errorf(at, path+".name", "give each its own", "expected a name of its own, found the name of %s", other)
		return
	}
	names[p.Name] = path
}

func (d *decoder) platform(p *Platform, path string) {
	if p.Type != "cytube" {
		d.errorf(d.place(path+".type"), path+".type", "write cytube, or set enabled to false",
			"expected cytube, which is the only kind of site rosey knows, found %s", d.shown(p.Type, path+".type"))
	}
	d.notEmpty(p.Domain, path+".domain")
	d.notEmpty(p.Channel, path+".channel")
	if p.Channel == "YourChannel" || p.Channel == "YourChannelName" {
		d.warnf(d.place(path+".channel"), path+".channel", "write your channel's name", "this is the example's channel")
	}
	d.onePassword(path+".", p.Password, p.PasswordFile, p.PasswordCommand)
	hasPassword := p.Password != "" || p.PasswordFile != "" || p.PasswordCommand != ""
	if hasPassword && p.User == "" && !d.reported(path+".user") {
		d.errorf(d.place(path), path+".user", "add user", "expected a user for the password, found none")
	}
}

// notEmpty reports a key that is given, and nothing in it.
func (d *decoder) notEmpty(text, key string) {
	if at, given := d.at[key]; given && text == "" && !d.reported(key) {
		d.errorf(at, key, "write it down", "expected a text, found an empty one")
	}
}

// reported says that there is a problem with that very key already, which
// makes what is concluded from its absence noise.
func (d *decoder) reported(key string) bool {
	return slices.ContainsFunc(d.problems, func(p Problem) bool { return p.Key == key })
}

// account refuses the same account in the same channel twice: each login would
// throw the other out, for ever (PROTOCOL.md §3). A domain has its scheme here.
func (d *decoder) account(p *Platform, path string, accounts map[string]string) {
	if p.User == "" || p.Channel == "" {
		return
	}
	_, host, _ := strings.Cut(p.Domain, "://")
	key := strings.ToLower(host + "/" + p.Channel + "/" + p.User)
	if other, taken := accounts[key]; taken {
		d.errorf(d.place(path), path, "remove one of them", "expected another channel or account than %s has, found the same", other)
		return
	}
	accounts[key] = path
}
