-- Events in their order, each with every member, and with London's time. $1 environment, $2 and $3 the place reached, as
-- instant and id, $4 how many at most
SELECT e.occurred_at, e.id,
       (jsonb_build_object('environment', $1::text, 'occurred_at',
            to_char(e.occurred_at AT TIME ZONE 'Europe/London', 'YYYY-MM-DD"T"HH24:MI:SS.US')
                || CASE WHEN e.occurred_at AT TIME ZONE 'Europe/London' = e.occurred_at AT TIME ZONE 'UTC' THEN '+00:00'
                        ELSE '+01:00' END,
            'event_type', e.event_type, 'request_uuid', NULL, 'request_user_agent', NULL, 'request_method', NULL,
            'request_path', NULL, 'request_query', '[]'::jsonb, 'request_referer', NULL, 'anonymised_user_agent_and_ip',
            NULL, 'response_content_type', NULL, 'response_status', NULL, 'user_id', NULL, 'entity_table_name', NULL,
            'data', '[]'::jsonb, 'hidden_data', '[]'::jsonb)
        || e.event)::text
  FROM analytics_events e
 WHERE (e.occurred_at, e.id) > ($2::timestamptz, $3::bigint)
 ORDER BY e.occurred_at, e.id
 LIMIT $4;
