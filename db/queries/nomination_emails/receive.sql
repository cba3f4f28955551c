-- What GOV.UK Notify says has become of a nomination e-mail. $1 its Notify id, $2 status, $3 when, or NULL
UPDATE nomination_emails SET notify_status = $2, delivered_at = $3 WHERE notify_id = $1;
