// Package migrate takes a configuration from version 1 to version 2: it plans
// what becomes of every key, shows the difference, applies it so that a crash
// leaves the old file or the new one whole, and takes it back.
//
// A Plan is a value made from bytes: NewPlan touches no file, no network and no
// clock. Apply and Rollback are the only functions that write, and they write
// nothing but the configuration, its backup, the database's copy and a small
// record in the XDG state folder.
//
// What the keys become is that of Rosey-Robot's own script (COMPAT.md §6),
// without what it lost.
package migrate
