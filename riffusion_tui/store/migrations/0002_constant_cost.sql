-- Makes the dispatcher's per-song queries independent of the queue's length: counts kept by triggers, and indexes on
-- the next job and on a request's songs. Each trigger statement stays on one line.

-- The job's account: the pinned one while it waits, else the one that runs it; '' means none.
ALTER TABLE jobs ADD COLUMN "owner" TEXT AS (CASE WHEN status IN ('queued', 'held') THEN coalesce(pin, '') ELSE coalesce(account, '') END) VIRTUAL;
-- A waiting job's own max_jobs; 0 means the account's.
ALTER TABLE jobs ADD COLUMN "slots" INTEGER AS (CASE WHEN status IN ('queued', 'held') THEN coalesce(cap, 0) ELSE 0 END) VIRTUAL;
-- Whether the job is counted: neither done, cancelled nor deleted.
ALTER TABLE jobs ADD COLUMN "counted" INTEGER AS (deleted_at IS NULL AND status NOT IN ('done', 'cancelled')) VIRTUAL;

CREATE TABLE counts (
  service TEXT NOT NULL,
  status TEXT NOT NULL,
  owner TEXT NOT NULL,
  slots INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (service, status, owner, slots)
) WITHOUT ROWID;
INSERT INTO counts SELECT service, status, owner, slots, count(*) FROM jobs WHERE counted GROUP BY service, status, owner, slots;

CREATE TRIGGER jobs_added AFTER INSERT ON jobs WHEN new.counted BEGIN
  INSERT OR IGNORE INTO counts VALUES (new.service, new.status, new.owner, new.slots, 0); UPDATE counts SET number = number + 1 WHERE service = new.service AND status = new.status AND owner = new.owner AND slots = new.slots; END;
CREATE TRIGGER jobs_left AFTER UPDATE OF service, status, pin, cap, account, deleted_at ON jobs WHEN old.counted BEGIN
  UPDATE counts SET number = number - 1 WHERE service = old.service AND status = old.status AND owner = old.owner AND slots = old.slots; END;
CREATE TRIGGER jobs_came AFTER UPDATE OF service, status, pin, cap, account, deleted_at ON jobs WHEN new.counted BEGIN
  INSERT OR IGNORE INTO counts VALUES (new.service, new.status, new.owner, new.slots, 0); UPDATE counts SET number = number + 1 WHERE service = new.service AND status = new.status AND owner = new.owner AND slots = new.slots; END;

CREATE INDEX jobs_next ON jobs(service, pin, cap, position, id) WHERE status = 'queued' AND deleted_at IS NULL;
CREATE INDEX jobs_request ON jobs(ref, sent_at);
DROP INDEX jobs_ref;
DROP INDEX jobs_loads;
