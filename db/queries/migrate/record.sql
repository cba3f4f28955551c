-- A migration was applied. $1 number, $2 file name
INSERT INTO schema_migrations (version, name) VALUES ($1, $2);
