-- How many songs the service makes at once, whatever its accounts' slots; 0: unknown.
ALTER TABLE accounts ADD COLUMN at_once INTEGER NOT NULL DEFAULT 0;
-- How long the song is that took so many seconds to make; longer songs take longer.
ALTER TABLE times ADD COLUMN length REAL;
-- The user's own names for accounts.
CREATE TABLE nicknames (service TEXT NOT NULL, user_id TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (service, user_id)) WITHOUT ROWID;
