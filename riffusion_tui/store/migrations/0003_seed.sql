-- The seed that made a song, given or drawn, where the service says it: a receipt makes the same song again.
ALTER TABLE jobs ADD COLUMN "seed" INTEGER;
UPDATE jobs SET seed = (SELECT json_extract(body, '$.plan.seed') FROM songs WHERE job_id = jobs.id AND json_type(body, '$.plan.seed') = 'integer');
