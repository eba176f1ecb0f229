//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package migrate

import (
	"errors"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// foreignOwner is whose a file is, if another user's; root is everybody.
func foreignOwner(info fs.FileInfo) (name string, foreign bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if me := os.Geteuid(); !ok || me == 0 || int(s.Uid) == me {
		return "", false
	}
	return ownerName(s.Uid), true
}

func ownerName(uid uint32) string {
	id := strconv.FormatUint(uint64(uid), 10)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}

func groupName(gid uint32) string {
	id := strconv.FormatUint(uint64(gid), 10)
	if g, err := user.LookupGroupId(id); err == nil {
		return g.Name
	}
	return id
}

// keepOwner gives a new file the owner and the group of the one whose place it
// takes, and tells what this user may not give.
func keepOwner(f *os.File, like fs.FileInfo) (lost lostOf, err error) {
	want, ok := like.Sys().(*syscall.Stat_t)
	if !ok {
		return lost, nil
	}
	info, err := f.Stat()
	if err != nil {
		return lost, err
	}
	have, ok := info.Sys().(*syscall.Stat_t)
	if !ok || have.Uid == want.Uid && have.Gid == want.Gid {
		return lost, nil
	}
	err = f.Chown(int(want.Uid), int(want.Gid))
	if !errors.Is(err, fs.ErrPermission) && !errors.Is(err, syscall.EINVAL) { // EINVAL: nobody of this container
		return lost, err
	}
	if have.Uid != want.Uid {
		lost.owner = ownerName(want.Uid)
	} else {
		lost.group = groupName(want.Gid)
	}
	return lost, nil
}

// writable tells whether this user may make files in a folder, which it does
// not touch.
func writable(dir string) bool {
	const write, enter = 2, 1
	return syscall.Access(dir, write|enter) == nil
}
