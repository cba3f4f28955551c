-- What all of the seed uses. Nothing here looks at a clock or at random numbers: all that varies comes from md5 over
-- the seed, the kind of thing and its number, and every instant from the day as of which the data stands.
-- Settings of the transaction: cpd.seed, cpd.profile, cpd.as_of.

-- An evenly spread number from 0 to sides - 1.
CREATE FUNCTION pg_temp.draw(kind text, n bigint, sides integer) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT ('x' || left(md5(current_setting('cpd.seed') || ':' || kind || ':' || n), 7))::bit(28)::integer % sides
$$;

CREATE FUNCTION pg_temp.seed_uuid(kind text, n bigint) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT overlay(overlay(md5(current_setting('cpd.seed') || ':' || kind || ':' || n) PLACING '4' FROM 13)
                   PLACING '8' FROM 17)::uuid
$$;

-- Some instant in the working hours of the days that follow one.
CREATE FUNCTION pg_temp.within_days(start timestamptz, kind text, n bigint, days integer) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT start + (pg_temp.draw(kind, n, greatest(days, 1)) * 86400 + 32400
                    + pg_temp.draw(kind || ' second', n, 28800)) * interval '1 second'
$$;

CREATE FUNCTION pg_temp.as_of() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT current_setting('cpd.as_of')::date::timestamptz
$$;

CREATE FUNCTION pg_temp.pick(words text[], kind text, n bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT words[1 + pg_temp.draw(kind, n, cardinality(words))]
$$;

CREATE FUNCTION pg_temp.person_name(n bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT pg_temp.pick('{Aaliyah,Adam,Aisha,Alex,Amelia,Amir,Anita,Arjun,Ben,Bethan,Callum,Carys,Chloe,Daniel,Dylan,
                          Eleri,Emily,Esther,Ewan,Farah,Finn,Grace,Hana,Harriet,Hugo,Imogen,Isaac,Jamila,Jess,Joel,
                          Kiran,Laila,Leo,Lucy,Maya,Megan,Milo,Nadia,Niamh,Noah,Olive,Omar,Owen,Poppy,Priya,Rhys,
                          Rosa,Ruth,Sami,Sanjay,Selina,Sophie,Tariq,Theo,Toby,Uma,Wendy,Yusuf,Zara,Zoe}', 'first name', n)
           || ' ' ||
           pg_temp.pick('{Ainsley,Amberley,Ashdown,Barrowby,Bexford,Birchall,Blackmoor,Brackley,Bramwell,Brindle,
                          Burnaby,Calder,Carden,Charnley,Colebrook,Copley,Cranwick,Dalby,Denholm,Duxbury,Eastman,
                          Elmstead,Farnworth,Fenwick,Garside,Glaister,Greenhalgh,Hadley,Harcastle,Hawkshaw,Helmsley,
                          Holbeck,Ilkley,Kelham,Kirkby,Langdale,Lathom,Linfield,Marsden,Melling,Naylor,Newbold,
                          Oakden,Ormerod,Padgett,Pendle,Quarmby,Radcliffe,Ravensdale,Rishworth,Rowntree,Saltmarsh,
                          Selby,Shawcross,Stainton,Standish,Swinburne,Tarleton,Thackray,Thornley,Tunstall,Upton,
                          Wadsworth,Walmsley,Westgate,Whalley,Wickham,Winstanley,Wolstenholme,Yardley}', 'last name', n)
$$;

-- The newest cohort that has been paid for several times: the one in which a few people can stand in every state.
SELECT set_config('cpd.minimal_cohort', coalesce(max(cohort), 2021)::text, true)
  FROM (SELECT cohort FROM statement_calendar
         WHERE output_fee AND deadline_date < pg_temp.as_of()
         GROUP BY cohort HAVING count(*) >= 4) c;

-- Everybody who is trained, one row a training record, with all that was drawn for it. Numbers of people: from 1 as
-- the schools go; second roles 10,000,000 more; named cases from 20,000,000.
CREATE TEMPORARY TABLE seed_records (
    n                    bigint PRIMARY KEY,
    person               bigint NOT NULL,
    provider             integer,          -- place in the ring; NULL: trained by the school
    school               bigint NOT NULL,
    cohort               smallint NOT NULL,
    kind                 text NOT NULL,
    story                text NOT NULL,    -- what happens to the person; see 50_history.sql
    changes              integer NOT NULL DEFAULT 0,
    last_position        integer NOT NULL DEFAULT 0, -- declarations go up to this place of the schedule
    schedule_identifier  text NOT NULL DEFAULT 'ecf-standard-september',
    eligibility_status   text DEFAULT 'eligible',
    eligibility_reason   text DEFAULT 'none',
    full_name            text NOT NULL,
    email                text NOT NULL,
    trn                  text,
    is_sparse            boolean NOT NULL DEFAULT false,
    has_premium          boolean NOT NULL DEFAULT false,
    mentor               bigint,           -- of an ECT at first
    last_mentor          bigint,           -- of an ECT in the end
    twin                 bigint,           -- whose teacher number this person has, too
    was_merged           boolean NOT NULL DEFAULT false,
    created_at           timestamptz NOT NULL,
    starts_at            timestamptz NOT NULL, -- of the first induction record
    event_at             timestamptz,      -- when the story's event happens
    second_at            timestamptz,
    event_programme_id   uuid              -- where the event leads to
) ON COMMIT DROP;

-- What was, or is to be, declared; 60_declarations.sql finds out what became of it.
CREATE TEMPORARY TABLE seed_declared (
    n                bigint PRIMARY KEY,
    record           bigint NOT NULL,
    declaration_type text NOT NULL,
    declared_at      timestamptz NOT NULL,
    created_at       timestamptz NOT NULL,
    fate             text NOT NULL DEFAULT 'kept', -- kept, voided, clawed back, duplicate
    voided_at        timestamptz,
    superseded_by    bigint
) ON COMMIT DROP;
