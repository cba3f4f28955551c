-- Participants with their identities, as records.
SELECT 'participant' AS type, u.id, u.full_name, u.email, p.trn, p.date_of_birth, p.national_insurance_number,
       array_to_json(ARRAY(
           SELECT ROW_TO_JSON(e)
             FROM (SELECT i.id, i.email, i.external_identifier,
                          export_instant(i.created_at) AS created_at, export_instant(i.updated_at) AS updated_at
                     FROM identities i WHERE i.user_id = u.id ORDER BY i.created_at, i.id) e)) AS identities,
       export_instant(u.created_at) AS created_at, export_instant(u.updated_at) AS updated_at
  FROM participants p
  JOIN users u ON u.id = p.user_id
 WHERE export_wants('participant', u.id)
 ORDER BY u.id;
