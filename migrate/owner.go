package migrate

import (
	"fmt"
	"io/fs"
	"path/filepath"

	"rosey/config"
)

// Whose the files are, and where this user may put copies of them.

// lostOf is what a new file could not keep of the old one, by name.
type lostOf struct{ owner, group string }

// warnings say what to do about it, written being the new file.
func (l lostOf) warnings(source, written string) []string {
	switch {
	case l.owner != "":
		return []string{fmt.Sprintf("%s belongs to %s, and the new files belong to you; if the bot runs as %[2]s, have root give them back: chown %s %s", source, l.owner, config.ShellQuote(l.owner), config.ShellQuote(written))}
	case l.group != "":
		return []string{fmt.Sprintf("%s was of the group %s, which you are not in, so the new files are of yours; if somebody reads it by that group, have root give it back: chgrp %s %s", source, l.group, config.ShellQuote(l.group), config.ShellQuote(written))}
	}
	return nil
}

// notOurs is why this user cannot put another file in the place of one; nil
// where they can.
func notOurs(path string, info fs.FileInfo) error {
	owner, foreign := foreignOwner(info)
	if !foreign {
		return nil
	}
	return refuse(path, 0, 0, "", "the file belongs to "+owner+", and only they or root can have another take its place",
		"run it as that user or as root, or write elsewhere with --output")
}

// Places is where a migration's copies go, unless something else lies there.
type Places struct {
	Backup string // of the configuration
	Copy   string // of the database; empty when there is none
}

// Places says where: beside what is copied, or beside the output where that
// folder cannot be written.
func (p *Plan) Places(output string) Places {
	copyOf := func(of string) string {
		if output != "" && !writable(filepath.Dir(of)) {
			of = filepath.Join(filepath.Dir(output), filepath.Base(of))
		}
		return of + backupSuffix
	}
	places := Places{Backup: copyOf(p.Path)}
	if database, found := p.FindDatabase(); found {
		places.Copy = copyOf(database)
	}
	return places
}
