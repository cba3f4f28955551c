-- What the peer's queries want beyond the service's schema; dropped before writes are measured.
CREATE INDEX bench_participants_by_creation ON participants (created_at, user_id);
CREATE INDEX bench_declarations_by_creation ON declarations (created_at, id);
CREATE INDEX bench_states ON training_states (training_record_id, lead_provider_id, created_at);
