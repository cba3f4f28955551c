-- How often what readers see has changed: asked before a page is read, to say "nothing new" without reading it.

-- Updated by each writer, so that pages keep room for new versions of a row, and no index has to follow.
CREATE TABLE change_numbers (
    scope   uuid NOT NULL,
    shard   integer NOT NULL,
    number  bigint NOT NULL,
    PRIMARY KEY (scope, shard)
) WITH (fillfactor = 20);
COMMENT ON TABLE change_numbers IS 'raised by every transaction that changes what is shown; the sum of a scope''s shards counts';
COMMENT ON COLUMN change_numbers.scope IS 'a lead provider: its participants and declarations; the nil UUID: everything else';
COMMENT ON COLUMN change_numbers.shard IS 'writers at the same time have one each, so that none waits for another';

-- The participant_status that version 3 shows turns when these instants pass.
CREATE INDEX provider_enrolments_by_start ON provider_enrolments (lead_provider_id, start_date) WHERE is_latest;
CREATE INDEX provider_enrolments_by_end ON provider_enrolments (lead_provider_id, end_date)
    WHERE is_latest AND end_date IS NOT NULL;
