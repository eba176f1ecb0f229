package migrate

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"rosey/config"
)

// sizeLimit is the loader's own: a real configuration is a few kilobytes.
const sizeLimit = 1 << 20

// Read plans the migration of the file at path; output is as NewPlan has it.
// It reads and does nothing else.
func Read(path, output string) (*Plan, error) {
	data, info, err := readFile(path)
	if err != nil {
		return nil, err
	}
	p, err := NewPlan(path, output, data)
	if err != nil {
		return nil, err
	}
	if p.HoldsSecret && info.Mode().Perm()&0o077 != 0 {
		p.Warnings = append(config.Warnings{{
			File: path, What: fmt.Sprintf("others on this machine can read the file (mode %04o), and it holds a password", info.Mode().Perm()),
			Do: "what the migration writes is yours alone (0600); change the password if others use this machine",
		}}, p.Warnings...)
	}
	return p, nil
}

// readFile reads a file of reasonable size. It looks before it opens, because
// opening a pipe would wait for a writer for ever.
func readFile(path string) ([]byte, fs.FileInfo, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, fileProblem(path, err)
	}
	switch {
	case info.IsDir():
		return nil, nil, refuse(path, 0, 0, "", "this is a folder", "name the file in it, such as "+filepath.Join(path, "config.json"))
	case !info.Mode().IsRegular():
		return nil, nil, refuse(path, 0, 0, "", "this is no regular file", "name the bot's config.json itself")
	case info.Size() > sizeLimit:
		return nil, nil, refuse(path, 0, 0, "", fmt.Sprintf("the file has %d bytes, and no configuration is that large", info.Size()), "name the bot's config.json")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fileProblem(path, err)
	}
	defer func() { _ = f.Close() }() // it only read
	data, err := io.ReadAll(io.LimitReader(f, sizeLimit+1))
	if err != nil {
		return nil, nil, fileProblem(path, err)
	}
	return data, info, nil
}

// fileProblem says in a person's words why a file cannot be read.
func fileProblem(path string, err error) error {
	problem := config.Problem{File: path, What: "the file cannot be read: " + cause(err).Error(), Do: "correct the path"}
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

// cause is a file error without the operation and the path.
func cause(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
