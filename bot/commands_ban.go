package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rosey/bus"
	"rosey/bus/room"
)

// banSettle is how long after the last word on an address ban the next one is
// waited for: each address has its own whisper, in no certain order.
const banSettle = 400 * time.Millisecond

func banCommands() []*command {
	return []*command{
		{CommandInfo: bus.CommandInfo{Name: "ban", Group: groupControl, Help: "Bans a name, present or not, for a while or for good.",
			Args: []bus.ArgInfo{nameArg, durationArg, reasonArg}, Needs: "ban", Destructive: true, Inverse: "unban"}, plan: planBan},
		{CommandInfo: bus.CommandInfo{Name: "ipban", Aliases: []string{"banip"}, Group: groupControl, Help: "Bans a name and every address, or address range, it is known by.",
			Args:  []bus.ArgInfo{nameArg, {Name: "range", Type: bus.ArgChoice, Optional: true, Choices: []string{"range", "wrange"}}, durationArg, reasonArg},
			Needs: "ban", Destructive: true, Inverse: "unban"}, plan: planIPBan},
		{CommandInfo: bus.CommandInfo{Name: "unban", Group: groupControl, Help: "Takes every ban of a name back, or one by its number in the ban list.",
			Args: []bus.ArgInfo{{Name: "user", Type: bus.ArgBanned}}, Needs: "ban"}, plan: planUnban},
		{CommandInfo: bus.CommandInfo{Name: "banlist", Aliases: []string{"bans"}, Group: groupControl, Help: "Lists the channel's bans, or those with a text in them.",
			Args: []bus.ArgInfo{{Name: "filter", Type: bus.ArgText, Optional: true, Rest: true}}, Needs: "ban", Asks: true}, plan: planBanlist},
		{CommandInfo: bus.CommandInfo{Name: "timed", Group: groupControl, Help: "Lists the mutes and bans that end by themselves.",
			Asks: true}, offline: true, plan: planTimed},
	}
}

func planBan(r *request) (*plan, error) {
	name, err := r.named(r.args["user"])
	if err != nil {
		return nil, err
	}
	reason := r.args["reason"]
	l, err := r.chatCommand([]string{"/ban", name, reason}, func(s *room.State, e room.Event) (outcome, bool) {
		w, ok := readWhisper(e)
		return done(""), ok && w.by(s.Self.Name, "ban", name)
	}, nil)
	if err != nil {
		return nil, err
	}
	for_ := forHowLong(r.args["duration"])
	p := &plan{does: because("ban "+name+for_, reason), target: name, reason: reason, undo: "unban " + name}
	p.run = func(d *deed, _ []int) outcome {
		o := d.say(because("Banned "+name+for_, reason), l)
		if o.status == bus.StatusDone {
			o = d.timed(o, bus.SanctionBan, name, reason)
		}
		return o
	}
	return p, nil
}

func planIPBan(r *request) (*plan, error) {
	name, err := r.named(r.args["user"])
	if err != nil {
		return nil, err
	}
	reason := r.args["reason"]
	about := func(s *room.State, e room.Event) bool {
		w, ok := readWhisper(e)
		return ok && (w.by(s.Self.Name, "ban", name) || w.by(s.Self.Name, "ipban", name))
	}
	l, err := r.chatCommand([]string{"/ipban", name, r.args["range"], reason}, func(s *room.State, e room.Event) (outcome, bool) {
		return done(""), about(s, e)
	}, nil)
	if err != nil {
		return nil, err
	}
	for_ := forHowLong(r.args["duration"])
	p := &plan{does: because("ban "+name+" and every address they are known by"+for_, reason), target: name, reason: reason, undo: "unban " + name}
	p.run = func(d *deed, _ []int) outcome {
		o := d.ipBan(name, l, because("Banned "+name+for_, reason))
		if o.status == bus.StatusDone {
			o = d.timed(o, bus.SanctionBan, name, reason)
		}
		return o
	}
	return p, nil
}

// ipBan says the line and gathers what CyTube tells of each address: some may
// be banned while others cannot be.
func (d *deed) ipBan(name string, l line, text string) outcome {
	heard := make(chan string, 64)
	self := d.state.Self.Name
	stop := d.watch(func(e room.Event) {
		told := ""
		if w, ok := readWhisper(e); ok && w.by(self, "ipban", name) {
			told = w.reason
		} else if n, ok := e.(*room.Notice); ok && n.Kind == room.NoticeError {
			told = "CyTube says: " + n.Text
		} else if !ok || !w.by(self, "ban", name) {
			return
		}
		select {
		case heard <- told:
		default: // more addresses than anyone has
		}
	})
	defer stop()
	o := d.say(text, l)
	if o.status == bus.StatusNoEffect {
		return o
	}
	var addresses, complaints []string
	banned := o.status == bus.StatusDone
	for {
		select {
		case told := <-heard:
			switch {
			case strings.HasPrefix(told, "CyTube says: "):
				complaints = append(complaints, told)
			case told != "":
				addresses, banned = append(addresses, told), true
			default:
				banned = true
			}
			continue
		case <-time.After(banSettle):
		case <-d.ctx.Done():
		}
		break
	}
	if !banned {
		return o
	}
	o = done(text)
	if len(addresses) > 0 {
		o.text += "\nAddresses: " + strings.Join(addresses, ", ")
	}
	if len(complaints) > 0 {
		o.text += "\n" + strings.Join(slices.Compact(complaints), "\n")
	}
	return o
}

// bans asks for the ban list.
func (d *deed) bans() ([]room.Ban, outcome) {
	var bans []room.Ban
	o := d.emit(emission{name: "requestBanlist", alone: "banlist", silent: "CyTube did not send the ban list: an unregistered channel has none",
		seen: func(_ *room.State, e room.Event) (outcome, bool) {
			list, ok := e.(*room.Banlist)
			if ok {
				bans = list.Bans
			}
			return done(""), ok
		}})
	return bans, o
}

func planUnban(r *request) (*plan, error) {
	who := r.args["user"]
	id, err := strconv.Atoi(strings.TrimPrefix(who, "#"))
	byID := strings.HasPrefix(who, "#") && err == nil
	if !byID && !isName(who) {
		return nil, fmt.Errorf("%q is not a user name, nor the number of a ban like #12", shorten(who, 40))
	}
	p := &plan{does: "take the bans of " + who + " back", target: who}
	p.run = func(d *deed, _ []int) outcome {
		bans, o := d.bans()
		if o.status != bus.StatusDone {
			return o
		}
		mine := slices.DeleteFunc(slices.Clone(bans), func(b room.Ban) bool {
			return !(byID && b.ID == id || !byID && room.Fold(b.Name) == room.Fold(who))
		})
		if len(mine) == 0 {
			_ = d.board.keeper.forget(d.ctx, who, bus.SanctionBan) // it fails with ctx alone; the keeper then finds nothing to lift
			o = refusedWith(who + " is not banned here" + alikeBans(bans, who))
			o.void = true
			return o
		}
		return d.liftBans(mine)
	}
	return p, nil
}

// liftBans takes bans back one by one.
func (d *deed) liftBans(bans []room.Ban) outcome {
	again := d.board.banAgain(bans) // before the keeper forgets it
	for i, b := range bans {
		o := d.emit(emission{name: "unban", arg: unbanArg{ID: b.ID, Name: b.Name},
			seen: func(_ *room.State, e room.Event) (outcome, bool) {
				gone, ok := e.(*room.BanRemoved)
				return done(""), ok && gone.ID == b.ID
			}})
		if o.status != bus.StatusDone {
			if i > 0 {
				o.text = fmt.Sprintf("%d of %d bans were taken back, then: %s", i, len(bans), o.text)
			}
			return o
		}
	}
	name := bans[0].Name
	_ = d.board.keeper.forget(d.ctx, name, bus.SanctionBan) // as above
	o := done("Unbanned " + name)
	if len(bans) > 1 {
		o.text += fmt.Sprintf(" (%d bans)", len(bans))
	}
	o.undo = again
	return o
}

type unbanArg struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

// alikeBans names those on the list whose names look like one that is not.
func alikeBans(bans []room.Ban, name string) string {
	var list []string
	for _, b := range bans {
		if mistaken(name, b.Name) && !slices.Contains(list, b.Name) && len(list) < 3 {
			list = append(list, b.Name)
		}
	}
	if len(list) == 0 {
		return ""
	}
	return ": did you mean " + strings.Join(list, " or ") + "?"
}

func planBanlist(r *request) (*plan, error) {
	filter := room.Fold(r.args["filter"])
	return &plan{does: "ask for the ban list", run: func(d *deed, _ []int) outcome {
		bans, o := d.bans()
		if o.status != bus.StatusDone {
			return o
		}
		bans = slices.DeleteFunc(slices.Clone(bans), func(b room.Ban) bool {
			return !strings.Contains(room.Fold(b.Name+" "+b.IP+" "+b.Reason+" "+b.BannedBy), filter)
		})
		lines := []string{fmt.Sprintf("Bans (%d):", len(bans))}
		for _, b := range bans {
			what := b.IP
			if what == "*" {
				what = "name"
			}
			lines = append(lines, because(fmt.Sprintf("  #%d %s [%s] by %s", b.ID, b.Name, what, b.BannedBy), b.Reason))
		}
		o = done(strings.Join(lines, "\n"))
		o.data = bans
		return o
	}}, nil
}

func planTimed(r *request) (*plan, error) {
	return &plan{does: "list what ends by itself", run: func(d *deed, _ []int) outcome {
		list := d.board.keeper.list()
		lines := []string{fmt.Sprintf("Timed (%d):", len(list))}
		for _, s := range list {
			left := time.Until(time.UnixMilli(s.Until))
			when := "in " + showDuration(left.Seconds())
			if left <= 0 {
				when = "as soon as the bot can lift it"
			}
			lines = append(lines, because(fmt.Sprintf("  %s %s by %s, ends %s", s.Kind, s.Username, s.By, when), s.Reason))
		}
		o := done(strings.Join(lines, "\n"))
		o.data = list
		return o
	}}, nil
}
