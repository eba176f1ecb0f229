// Package store keeps the database: one SQLite file that Rosey-Robot v0.5.0
// can open too.
//
// v0.5.0's tables keep their schema and their meaning (COMPAT.md §3); what is
// ours lies beside them under the prefix rosey_. Apply is the only way in for
// what the service consumes: a batch of writes in one transaction, together
// with how far the stream has been applied.
//
// # What a commit means
//
// The file is in WAL mode with synchronous=NORMAL. A commit survives the death
// of the process at any moment. A power cut may take the last commits, but
// always whole ones and from the end, and the stream position goes with them:
// the file is then as it was a moment earlier. A service that reads its stream
// from the position that the file tells, and not from what it acknowledged,
// gets the lost part again. So the stream's own durability is the limit, and
// syncing every commit would add nothing to it but waiting.
package store
