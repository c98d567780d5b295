-- The schema of a new file. A file of an older version is brought to it by the rest of migrations/, applied in order;
-- PRAGMA user_version is the number applied. A change needs both: an edit here, and a migration.
-- Statements end with a semicolon at the end of a line.

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
  "deleted_at" REAL,
  -- The job's account: the pinned one while it waits, else the one that runs it; '' means none.
  "owner" TEXT AS (CASE WHEN status IN ('queued', 'held') THEN coalesce(pin, '') ELSE coalesce(account, '') END) VIRTUAL,
  -- A waiting job's own max_jobs; 0 means the account's.
  "slots" INTEGER AS (CASE WHEN status IN ('queued', 'held') THEN coalesce(cap, 0) ELSE 0 END) VIRTUAL,
  -- Whether the job is counted: neither done, cancelled nor deleted.
  "counted" INTEGER AS (deleted_at IS NULL AND status NOT IN ('done', 'cancelled')) VIRTUAL,
  "seed" INTEGER                 -- the seed that made the song, given or drawn, if the service reports it
);
CREATE INDEX jobs_standing ON jobs(service, status, position, id) WHERE deleted_at IS NULL;
CREATE INDEX jobs_rev ON jobs(rev);
CREATE INDEX jobs_batch ON jobs(batch);
CREATE INDEX jobs_remote ON jobs(remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX jobs_next ON jobs(service, pin, cap, position, id) WHERE status = 'queued' AND deleted_at IS NULL;
CREATE INDEX jobs_request ON jobs(ref, sent_at);

-- Counts of jobs, kept by triggers, so that no query's time depends on the queue's length.
CREATE TABLE counts (
  service TEXT NOT NULL,
  status TEXT NOT NULL,
  owner TEXT NOT NULL,
  slots INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (service, status, owner, slots)
) WITHOUT ROWID;
-- Each statement of a trigger stays on one line.
CREATE TRIGGER jobs_added AFTER INSERT ON jobs WHEN new.counted BEGIN
  INSERT OR IGNORE INTO counts VALUES (new.service, new.status, new.owner, new.slots, 0); UPDATE counts SET number = number + 1 WHERE service = new.service AND status = new.status AND owner = new.owner AND slots = new.slots; END;
CREATE TRIGGER jobs_left AFTER UPDATE OF service, status, pin, cap, account, deleted_at ON jobs WHEN old.counted BEGIN
  UPDATE counts SET number = number - 1 WHERE service = old.service AND status = old.status AND owner = old.owner AND slots = old.slots; END;
CREATE TRIGGER jobs_came AFTER UPDATE OF service, status, pin, cap, account, deleted_at ON jobs WHEN new.counted BEGIN
  INSERT OR IGNORE INTO counts VALUES (new.service, new.status, new.owner, new.slots, 0); UPDATE counts SET number = number + 1 WHERE service = new.service AND status = new.status AND owner = new.owner AND slots = new.slots; END;

CREATE TABLE songs (job_id INTEGER PRIMARY KEY, body TEXT NOT NULL);

CREATE TABLE happenings (
  id INTEGER PRIMARY KEY,
  job_id INTEGER NOT NULL,
  at REAL NOT NULL,
  what TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX happenings_job ON happenings(job_id, id);
-- The dashboard counts the 429s of the last days: few, among very many events.
CREATE INDEX happenings_limited ON happenings(at) WHERE what = 'rate limited';

CREATE TABLE accounts (
  service TEXT NOT NULL,
  user_id TEXT NOT NULL,
  max_jobs INTEGER NOT NULL,
  executing INTEGER NOT NULL,
  others INTEGER NOT NULL,
  error TEXT NOT NULL,
  credits REAL,
  seen_at REAL NOT NULL,
  at_once INTEGER NOT NULL DEFAULT 0, -- songs the service makes at once, regardless of slots; 0: unknown
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

-- How long songs took to make, and how long they are; longer songs take longer.
CREATE TABLE times (id INTEGER PRIMARY KEY, service TEXT NOT NULL, seconds REAL NOT NULL, length REAL);
CREATE INDEX times_service ON times(service, id);

-- The user's own names for accounts.
CREATE TABLE nicknames (service TEXT NOT NULL, user_id TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (service, user_id)) WITHOUT ROWID;
