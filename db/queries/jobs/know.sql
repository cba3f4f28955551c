-- Makes a job known, due at once. $1 name
INSERT INTO jobs (name) VALUES ($1) ON CONFLICT (name) DO NOTHING;
