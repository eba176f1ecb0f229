package tui

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// logName is the file that an export goes to unless the person says otherwise.
func logName(now time.Time) string { return "rosey-log-" + now.Format("20060102-1504") + ".md" }

// exportLog writes entries to a new file, readable by its owner alone, in the
// form that its name asks for: .json, .csv, and Markdown for all else. It
// blocks: commands call it.
func exportLog(path string, entries []logEntry, loc *time.Location) error {
	var data []byte
	var err error
	switch strings.ToLower(filepath.Ext(path)) {
	case ".json":
		data, err = logJSON(entries)
	case ".csv":
		data, err = logCSV(entries, loc)
	default:
		data = logMarkdown(entries, loc)
	}
	if err != nil {
		return fmt.Errorf("export log: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already: choose another name", path)
	}
	if err != nil {
		return fmt.Errorf("export log: %w", err)
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("export log: %w", err)
	}
	return nil
}

// logFields are the columns of an export.
var logFields = []string{"time", "kind", "room", "who", "action", "target", "reason", "outcome", "text", "source"}

func (e logEntry) fields(loc *time.Location) []string {
	at := time.UnixMilli(e.at).In(loc).Format(time.RFC3339)
	return []string{at, string(e.kind), e.room, e.who, e.verb, e.target, e.reason, string(e.status), e.text, e.source}
}

func logJSON(entries []logEntry) ([]byte, error) {
	rows := make([]map[string]string, len(entries))
	for i, e := range entries {
		rows[i] = map[string]string{}
		for n, value := range e.fields(time.UTC) {
			if value != "" {
				rows[i][logFields[n]] = value
			}
		}
	}
	return json.MarshalIndent(rows, "", "  ")
}

func logCSV(entries []logEntry, loc *time.Location) ([]byte, error) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	rows := [][]string{logFields}
	for _, e := range entries {
		fields := e.fields(loc)
		for i, text := range fields {
			if text != "" && strings.ContainsRune("=+-@\t", rune(text[0])) {
				fields[i] = "'" + text // a spreadsheet would take it for a formula
			}
		}
		rows = append(rows, fields)
	}
	err := w.WriteAll(rows)
	return []byte(b.String()), err
}

func logMarkdown(entries []logEntry, loc *time.Location) []byte {
	var b strings.Builder
	b.WriteString("# Log\n\n| " + strings.Join(logFields, " | ") + " |\n|" + strings.Repeat(" --- |", len(logFields)) + "\n")
	for _, e := range entries {
		b.WriteString("|")
		for _, text := range e.fields(loc) {
			b.WriteString(" " + mdText(text) + " |")
		}
		b.WriteString("\n")
	}
	return []byte(b.String())
}
