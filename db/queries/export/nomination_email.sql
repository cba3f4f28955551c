-- Nomination e-mails, as records.
SELECT 'nomination_email' AS type, n.id, n.school_id, n.notify_id, n.notify_status,
       export_instant(n.sent_at) AS sent_at, export_instant(n.delivered_at) AS delivered_at,
       export_instant(n.opened_at) AS opened_at,
       export_instant(n.created_at) AS created_at, export_instant(n.updated_at) AS updated_at
  FROM nomination_emails n
 WHERE export_wants('school', n.school_id)
 ORDER BY n.id;
