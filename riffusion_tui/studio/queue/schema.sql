-- An account is an engine with slots. Times are seconds since the epoch, UTC.
CREATE TABLE account (
    user_id     TEXT PRIMARY KEY,
    max_jobs    INTEGER NOT NULL CHECK (max_jobs BETWEEN 1 AND 10),
    engine      TEXT NOT NULL DEFAULT 'sketch',
    cookie_mark TEXT,                           -- a keyed hash; the cookie itself is not stored
    session     TEXT NOT NULL DEFAULT '{}',     -- JSON: what a test cookie requested
    error       TEXT,                           -- if set, every call returns 596 until a new cookie is posted
    error_at    REAL,
    created_at  REAL NOT NULL
);
CREATE TABLE used_cookie (
    mark TEXT PRIMARY KEY,
    at   REAL NOT NULL
);
CREATE TABLE job (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    user_id    TEXT NOT NULL,
    state      TEXT NOT NULL,
    tracked    INTEGER NOT NULL DEFAULT 1,      -- 1: in the scheduler, occupies a slot
    request    TEXT NOT NULL,                   -- JSON: the engine's request
    reply_url  TEXT,
    reply_ref  TEXT,
    told       INTEGER NOT NULL DEFAULT 0,      -- 1: the final callback was sent, or won't be; not renamed, so that
                                                -- older versions can open the folder
    base       TEXT NOT NULL,                   -- base URL of the request
    created_at REAL NOT NULL,
    ended_at   REAL,
    error      TEXT,
    made       TEXT                             -- JSON: the engine's description of the finished song
);
CREATE INDEX job_open ON job (seq) WHERE state IN ('queued', 'generating_audio');
CREATE INDEX job_tracked ON job (user_id) WHERE tracked = 1;
CREATE INDEX job_account ON job (user_id, seq);
CREATE INDEX job_untold ON job (seq) WHERE told = 0 AND reply_url IS NOT NULL AND ended_at IS NOT NULL;
