package migrate

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"rosey/config"
)

// Read plans the migration of the file at path; output is as NewPlan has it.
// It reads and does nothing else.
func Read(path, output string) (*Plan, error) {
	data, info, err := readFile(path)
	if err != nil {
		return nil, err
	}
	p, err := NewPlan(path, output, data)
	if err == nil {
		p, err = p.placed(Decisions{})
	}
	if err != nil {
		return nil, err
	}
	if p.Due() && output == "" {
		p.Obstacle = notOurs(path, info)
	}
	if p.HoldsSecret && info.Mode().Perm()&0o077 != 0 {
		p.Warnings = append(config.Warnings{{
			File: path, What: fmt.Sprintf("others on this machine can read the file (mode %04o), and it holds a password", info.Mode().Perm()),
			Do: "what the migration writes is yours alone (0600); change the password if others use this machine",
		}}, p.Warnings...)
	}
	return p, nil
}

// readFile is the loader's ReadFile, with what a migration says of what it
// refuses.
func readFile(path string) ([]byte, fs.FileInfo, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, fileProblem(path, err)
	}
	data, err := config.ReadFile(path)
	switch {
	case errors.Is(err, config.ErrFolder):
		return nil, nil, refuse(path, 0, 0, "", "this is a folder", "name the file in it, such as "+filepath.Join(path, "config.json"))
	case errors.Is(err, config.ErrNotFile):
		return nil, nil, refuse(path, 0, 0, "", "this is no regular file", "name the bot's config.json itself")
	case errors.Is(err, config.ErrTooLarge):
		return nil, nil, refuse(path, 0, 0, "", fmt.Sprintf("the file has %d bytes, and no configuration is that large", info.Size()), "name the bot's config.json")
	case err != nil:
		return nil, nil, fileProblem(path, err)
	}
	return data, info, nil
}

// fileProblem says in a person's words why a file cannot be read.
func fileProblem(path string, err error) error {
	problem := config.Problem{File: path, What: "the file cannot be read: " + config.Cause(err).Error(), Do: "correct the path"}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		problem.What = "there is no such file"
	case errors.Is(err, fs.ErrPermission):
		problem.What = "this user may not read the file"
		problem.Do = "run it as the user the bot runs as"
	case errors.Is(err, syscall.ELOOP):
		problem.What = "the symbolic links lead in a circle"
		problem.Do = "name the file itself"
	}
	return &config.Error{Problems: []config.Problem{problem}, Err: err}
}
