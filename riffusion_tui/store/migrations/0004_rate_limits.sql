-- The dashboard counts the last days' 429s: there are few, among very many events.
CREATE INDEX happenings_limited ON happenings(at) WHERE what = 'rate limited';
