-- Version 1 of our own tables. They lie beside v0.5.0's under the prefix
-- rosey_, which v0.5.0 ignores. A released version is never edited: the next
-- change is rosey_2.sql.

-- Facts about the file: schema (version of these tables), last_write (Unix ms
-- of the newest write applied), paused_at (Unix ms at which open sessions were
-- ended because we stopped), import_after and import_until (ids of recent_chat
-- between which v0.5.0's lines are yet to be taken into rosey_chat).
CREATE TABLE rosey_meta (
    key   TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

-- How far each JetStream stream has been applied. It changes in the same
-- transaction as the rows. created tells a recreated stream from the old one;
-- time, of the message at seq, tells a stream that lost its end. Both are Unix
-- nanoseconds.
CREATE TABLE rosey_stream (
    stream  TEXT PRIMARY KEY,
    created INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    time    INTEGER NOT NULL
) WITHOUT ROWID;

-- Chat as plain text, for searching. id is the line's time in Unix ms times
-- 2048, plus a number: the table is in order of time without another index.
CREATE TABLE rosey_chat (
    id   INTEGER PRIMARY KEY,
    room TEXT NOT NULL,
    user TEXT NOT NULL,
    text TEXT NOT NULL
);

-- The words of rosey_chat, by id. It keeps no copy of the text.
CREATE VIRTUAL TABLE rosey_chat_fts USING fts5 (
    text,
    user,
    content = '',
    contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2'
);

-- Who is in which room, as far as joins and leaves told. seen is the Unix ms
-- of the last announcement. user_stats has one session for each person: it is
-- open while the person is in any room.
CREATE TABLE rosey_session (
    user TEXT COLLATE NOCASE NOT NULL,
    room TEXT NOT NULL,
    seen INTEGER NOT NULL,
    PRIMARY KEY (user, room)
) WITHOUT ROWID;

-- What v0.5.0's outbound_messages has no column for: the sender's idempotency
-- key and when sending was last tried, in Unix seconds.
CREATE TABLE rosey_outbound (
    message_id   INTEGER PRIMARY KEY,
    key          TEXT UNIQUE,
    last_attempt INTEGER
);

-- Names are compared without regard to case (COMPAT.md "Do not copy" 13).
CREATE INDEX rosey_user_stats_fold ON user_stats (username COLLATE NOCASE);

INSERT INTO rosey_meta (key, value) VALUES
    ('import_after', 0),
    ('import_until', (SELECT coalesce(max(id), 0) FROM recent_chat));
