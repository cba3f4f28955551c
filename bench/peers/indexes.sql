-- What the peer's queries want beyond the service's schema; dropped before writes are measured.
CREATE INDEX bench_users_by_creation ON users (created_at, id);
CREATE INDEX bench_declarations_by_creation ON declarations (created_at, id);
CREATE INDEX bench_states ON training_states (training_record_id, lead_provider_id, created_at);
