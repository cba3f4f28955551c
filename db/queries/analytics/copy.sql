-- Web requests from the queue, in the order in which web_events.c writes their columns.
COPY analytics_events (occurred_at, event_type, event) FROM STDIN (FORMAT binary);
