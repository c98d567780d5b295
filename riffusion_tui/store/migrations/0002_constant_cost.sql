-- What the dispatcher asks at every song costs the same at any length of the queue: counts that triggers keep, and
-- indexes that lead straight to the next job and to a request's songs. A trigger's statements stay on one line each.

-- Whose job it is: the account that a waiting one is pinned to, else the one that has it; '' is none.
ALTER TABLE jobs ADD COLUMN "owner" TEXT AS (CASE WHEN status IN ('queued', 'held') THEN coalesce(pin, '') ELSE coalesce(account, '') END) VIRTUAL;
-- Slots that a waiting job asks for; 0 is the account's own number.
ALTER TABLE jobs ADD COLUMN "slots" INTEGER AS (CASE WHEN status IN ('queued', 'held') THEN coalesce(cap, 0) ELSE 0 END) VIRTUAL;
-- Whether anybody waits for it.
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
