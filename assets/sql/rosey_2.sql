-- Version 2 of our own tables: what is kept beside user_actions, timed mutes
-- and bans, and notes. Nothing of v0.5.0's changes. A released version is never
-- edited: the next change is rosey_3.sql.

-- What v0.5.0's user_actions has no columns for; id is its row's. key is the
-- id of the command: what came of it is written to the row that the command
-- made.
CREATE TABLE rosey_action (
    id      INTEGER PRIMARY KEY,
    room    TEXT NOT NULL,
    key     TEXT,
    target  TEXT COLLATE NOCASE NOT NULL,
    reason  TEXT NOT NULL,
    outcome TEXT NOT NULL,
    text    TEXT NOT NULL,
    source  TEXT NOT NULL,
    UNIQUE (room, key)
);

CREATE INDEX rosey_action_target ON rosey_action (target) WHERE target <> '';

CREATE INDEX rosey_user_actions_fold ON user_actions (username COLLATE NOCASE, timestamp);

CREATE INDEX rosey_user_actions_time ON user_actions (timestamp);

-- Mutes and bans that end at a time, as long as they stand. until and time are
-- Unix ms.
CREATE TABLE rosey_sanction (
    room     TEXT NOT NULL,
    username TEXT COLLATE NOCASE NOT NULL,
    kind     TEXT NOT NULL,
    until    INTEGER NOT NULL,
    author   TEXT NOT NULL,
    reason   TEXT NOT NULL,
    time     INTEGER NOT NULL,
    PRIMARY KEY (room, username, kind)
) WITHOUT ROWID;

-- Notes on people, and, without a name, the one note of the room itself. time
-- is Unix ms.
CREATE TABLE rosey_note (
    id       INTEGER PRIMARY KEY,
    room     TEXT NOT NULL,
    username TEXT COLLATE NOCASE NOT NULL,
    text     TEXT NOT NULL,
    author   TEXT NOT NULL,
    time     INTEGER NOT NULL
);

CREATE INDEX rosey_note_of ON rosey_note (username, room);
