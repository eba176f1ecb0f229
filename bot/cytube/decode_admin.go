package cytube

import "rosey/bus/room"

func (d *decoder) banlist(list []struct {
	ID       number `json:"id"`
	IP       string `json:"ip"`
	Name     string `json:"name"`
	Reason   string `json:"reason"`
	BannedBy string `json:"bannedby"`
}) room.Event {
	bans := make([]room.Ban, len(list))
	for i, v := range list {
		bans[i] = room.Ban{
			ID: v.ID.int(), IP: name(v.IP), Name: name(v.Name), Reason: line(v.Reason), BannedBy: name(v.BannedBy),
		}
	}
	return &room.Banlist{Bans: bans}
}

func (d *decoder) banRemoved(v struct {
	ID   number `json:"id"`
	Name string `json:"name"`
}) room.Event {
	return &room.BanRemoved{ID: v.ID.int(), Name: name(v.Name)}
}

func (d *decoder) ranks(list []struct {
	Name string `json:"name"`
	Rank number `json:"rank"`
}) room.Event {
	ranks := make([]room.RankEntry, len(list))
	for i, v := range list {
		ranks[i] = room.RankEntry{Name: name(v.Name), Rank: float64(v.Rank)}
	}
	return &room.Ranks{Ranks: ranks}
}

// channelLog keeps the end of a log that is too long: the newest lines.
func (d *decoder) channelLog(v struct {
	Success bool   `json:"success"`
	Data    string `json:"data"`
}) room.Event {
	text := v.Data
	if over := len(text) - maxLog; over > 0 {
		text = text[over:]
	}
	return &room.ChannelLog{Success: v.Success, Text: room.CleanLines(text)}
}

type wireFilter struct {
	Name        string `json:"name"`
	Source      string `json:"source"`
	Flags       string `json:"flags"`
	Replace     string `json:"replace"`
	Active      bool   `json:"active"`
	FilterLinks bool   `json:"filterlinks"`
}

func (f wireFilter) filter() room.Filter {
	return room.Filter{
		Name: line(f.Name), Source: line(f.Source), Flags: name(f.Flags), Replace: line(f.Replace),
		Active: f.Active, FilterLinks: f.FilterLinks,
	}
}

func (d *decoder) filters(list []wireFilter) room.Event {
	filters := make([]room.Filter, len(list))
	for i, wire := range list {
		filters[i] = wire.filter()
	}
	return &room.Filters{Filters: filters}
}

func (d *decoder) filterSet(wire wireFilter) room.Event {
	return &room.FilterSet{Filter: wire.filter()}
}

func (d *decoder) filterRemoved(wire wireFilter) room.Event {
	return &room.FilterRemoved{Name: wire.filter().Name}
}
