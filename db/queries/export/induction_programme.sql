-- Induction programmes, as records.
SELECT 'induction_programme' AS type, ip.id, ip.school_id, ip.cohort, ip.training_programme, ip.partnership_id,
       ip.core_induction_programme,
       export_instant(ip.created_at) AS created_at, export_instant(ip.updated_at) AS updated_at
  FROM induction_programmes ip
 WHERE export_wants('school', ip.school_id)
 ORDER BY ip.id;
