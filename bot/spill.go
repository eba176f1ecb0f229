package bot

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// spillMaxAge is how long what could not be delivered waits for the next start:
// as long as a database write waits in its stream.
const spillMaxAge = 7 * 24 * time.Hour

// A spill is the file in which a room's outbox waits for the next start when
// NATS could not be reached at the end. It holds what was said in the room, so
// only its owner may read it.
type spill struct{ path string }

// spillOf is the spill of a room; without a folder there is none.
func spillOf(dir, roomName string) spill {
	if dir == "" {
		return spill{}
	}
	return spill{filepath.Join(dir, "unsent", url.PathEscape(roomName)+".jsonl")}
}

// spilled is a parcel as it lies in the file.
type spilled struct {
	Subject string          `json:"subject"`
	ID      string          `json:"id"`
	Seq     uint64          `json:"seq,omitempty"`
	Data    json.RawMessage `json:"data"`
}

// save writes parcels down, in order, in place of what lay there.
func (s spill) save(parcels []*parcel) error {
	if s.path == "" {
		return errors.New("there is no folder to keep them in")
	}
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(s.path+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	enc := json.NewEncoder(w)
	for _, p := range parcels {
		if err == nil {
			err = enc.Encode(spilled{p.subject, p.id, p.seq, p.data})
		}
	}
	if err = errors.Join(err, w.Flush(), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(s.path+".new"))
	}
	return os.Rename(s.path+".new", s.path)
}

// take reads what was saved and removes it. An error comes with what could be
// read before it; what is too old is an error too.
func (s spill) take(now time.Time) (parcels []*parcel, err error) {
	if s.path == "" {
		return nil, nil
	}
	f, err := os.Open(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(s.path)) }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if age := now.Sub(info.ModTime()); age > spillMaxAge {
		return nil, fmt.Errorf("it is %s old and was dropped", age.Round(time.Hour))
	}
	for dec := json.NewDecoder(bufio.NewReader(f)); len(parcels) < outboxParcels; {
		var p spilled
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return parcels, nil
		} else if err != nil {
			return parcels, err
		}
		parcels = append(parcels, &parcel{subject: p.Subject, id: p.ID, seq: p.Seq, data: p.Data})
	}
	return parcels, nil
}
