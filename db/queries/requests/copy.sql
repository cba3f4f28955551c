-- Rows of the queue, in the order in which recorder.c writes their columns.
COPY api_requests (id, request_path, request_method, request_headers, request_body, status_code, response_headers,
    response_body, cpd_lead_provider_id, user_description, request_id, duration_us, created_at)
    FROM STDIN (FORMAT binary);
