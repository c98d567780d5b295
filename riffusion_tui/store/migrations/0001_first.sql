-- The first version's schema. Statements end with a semicolon at the end of a line.

CREATE TABLE counter (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  rev INTEGER NOT NULL,          -- incremented by every commit that changes something
  accounts_rev INTEGER NOT NULL, -- the commit that last changed an account
  gates_rev INTEGER NOT NULL     -- the commit that last changed a gate
);
INSERT INTO counter VALUES (1, 0, 0, 0);

-- Columns of the job list; `songs` has what only the detail view shows.
CREATE TABLE jobs (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "ref" TEXT NOT NULL,
  "prompt" TEXT NOT NULL,
  "options" TEXT NOT NULL,       -- JSON of non-default options
  "service" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "batch" TEXT NOT NULL,
  "take" INTEGER NOT NULL,
  "takes" INTEGER NOT NULL,
  "parent" INTEGER,
  "position" REAL NOT NULL,
  "account" TEXT,
  "remote_id" TEXT,
  "tries" INTEGER NOT NULL DEFAULT 0,
  "created_at" REAL NOT NULL,
  "sent_at" REAL,
  "accepted_at" REAL,
  "ended_at" REAL,
  "trouble" TEXT,
  "error" TEXT NOT NULL DEFAULT '',
  "title" TEXT NOT NULL DEFAULT '',
  "duration_s" REAL,
  "bpm" REAL,
  "key" TEXT NOT NULL DEFAULT '',
  "genre" TEXT NOT NULL DEFAULT '',
  "file" TEXT NOT NULL DEFAULT '',
  "sha256" TEXT NOT NULL DEFAULT '',
  "verdict" TEXT NOT NULL DEFAULT '',
  "rev" INTEGER NOT NULL,
  "pin" TEXT,                    -- options.account, for the queue's query
  "cap" INTEGER,                 -- options.max_jobs, likewise
  "deleted_at" REAL
);
CREATE INDEX jobs_standing ON jobs(service, status, position, id) WHERE deleted_at IS NULL;
CREATE INDEX jobs_loads ON jobs(service, status, pin, account) WHERE deleted_at IS NULL;
CREATE INDEX jobs_rev ON jobs(rev);
CREATE INDEX jobs_ref ON jobs(ref);
CREATE INDEX jobs_batch ON jobs(batch);
CREATE INDEX jobs_remote ON jobs(remote_id) WHERE remote_id IS NOT NULL;

CREATE TABLE songs (job_id INTEGER PRIMARY KEY, body TEXT NOT NULL);

CREATE TABLE happenings (
  id INTEGER PRIMARY KEY,
  job_id INTEGER NOT NULL,
  at REAL NOT NULL,
  what TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX happenings_job ON happenings(job_id, id);

CREATE TABLE accounts (
  service TEXT NOT NULL,
  user_id TEXT NOT NULL,
  max_jobs INTEGER NOT NULL,
  executing INTEGER NOT NULL,
  others INTEGER NOT NULL,
  error TEXT NOT NULL,
  credits REAL,
  seen_at REAL NOT NULL,
  PRIMARY KEY (service, user_id)
) WITHOUT ROWID;

-- account '' means the whole service.
CREATE TABLE gates (
  service TEXT NOT NULL,
  account TEXT NOT NULL,
  cause TEXT NOT NULL,
  since REAL NOT NULL,
  until REAL,
  tries INTEGER NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (service, account, cause)
) WITHOUT ROWID;

CREATE TABLE prompts (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL UNIQUE);

CREATE TABLE times (id INTEGER PRIMARY KEY, service TEXT NOT NULL, seconds REAL NOT NULL);
CREATE INDEX times_service ON times(service, id);
