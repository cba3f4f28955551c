-- A job that no worker has ever run is to be missed, too: migrate makes the jobs known.

ALTER TABLE jobs ADD COLUMN known_at timestamptz NOT NULL DEFAULT now();
