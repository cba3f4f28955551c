-- Deep pages: OFFSET walks over everything that it skips. So of each provider's default list of participants every 250th
-- place is marked, and a page begins at the nearest mark before it. Marks are not moved by a change: who has come or gone since
-- is noted in provider_page_changes, and a mark's place is what it was, plus the changes before it. So writers only add
-- rows, and do not wait for each other.

-- Who is on the default list: of these enrolments, each person once.
CREATE OR REPLACE FUNCTION refresh_page_changes(old provider_enrolments[], fresh provider_enrolments[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    WITH was AS (
        SELECT o.lead_provider_id, o.participant_created_at, o.participant_id FROM unnest(old) o
         WHERE o.is_latest AND is_cohort_wanted(o.schedule_cohort, NULL)
    ), is_now AS (
        SELECT f.lead_provider_id, f.participant_created_at, f.participant_id FROM unnest(fresh) f
         WHERE f.is_latest AND is_cohort_wanted(f.schedule_cohort, NULL)
    )
    INSERT INTO provider_page_changes
    SELECT gone.*, -1 FROM (TABLE was EXCEPT TABLE is_now) gone
     UNION ALL
    SELECT come.*, 1 FROM (TABLE is_now EXCEPT TABLE was) come;
END
$$;

-- The marks with the places that they have now.
CREATE OR REPLACE VIEW provider_page_places AS
SELECT m.lead_provider_id, m.position, m.participant_created_at, m.participant_id,
       m.position + coalesce((SELECT sum(c.change) FROM provider_page_changes c
                               WHERE c.lead_provider_id = m.lead_provider_id
                                 AND (c.participant_created_at, c.participant_id)
                                   < (m.participant_created_at, m.participant_id)), 0) AS place
  FROM provider_page_marks m;

-- Sets the marks anew. One statement, and so one snapshot: a change that commits meanwhile is in neither the marks nor what
-- is deleted.
CREATE OR REPLACE FUNCTION set_page_marks(provider uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    distance CONSTANT integer := 250;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('page marks' || provider, 0));
    WITH replaced AS (
        DELETE FROM provider_page_marks WHERE lead_provider_id = provider
    ), applied AS (
        DELETE FROM provider_page_changes WHERE lead_provider_id = provider
    ), people AS (
        SELECT participant_created_at, participant_id,
               row_number() OVER (ORDER BY participant_created_at, participant_id) - 1 AS position
          FROM provider_enrolments
         WHERE lead_provider_id = provider AND is_latest AND is_cohort_wanted(schedule_cohort, NULL)
         GROUP BY participant_created_at, participant_id
    )
    INSERT INTO provider_page_marks
    SELECT provider, position, participant_created_at, participant_id FROM people WHERE position % distance = 0;
END
$$;

CREATE OR REPLACE FUNCTION set_all_page_marks() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_page_marks(id) FROM lead_providers ORDER BY id;
END
$$;

-- Providers for whom enough has changed that their marks are worth setting anew.
CREATE OR REPLACE FUNCTION set_stale_page_marks() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    enough CONSTANT integer := 500;
    stale uuid[] := ARRAY(SELECT lead_provider_id FROM provider_page_changes GROUP BY 1 HAVING count(*) > enough);
BEGIN
    PERFORM set_page_marks(id) FROM unnest(stale) id ORDER BY id;
    RETURN cardinality(stale);
END
$$;
