-- Schools, as records.
SELECT 'school' AS type, s.id, s.urn, s.name, s.status_code, s.type_code, s.district_code, s.section_41_approved,
       s.primary_contact_email, s.secondary_contact_email,
       export_instant(s.created_at) AS created_at, export_instant(s.updated_at) AS updated_at
  FROM schools s
 WHERE export_wants('school', s.id)
 ORDER BY s.id;
