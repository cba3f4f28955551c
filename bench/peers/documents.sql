-- One page of ready-made JSON documents, one a participant. $1 lead provider, $2 limit, $3 offset
SELECT document FROM bench_documents WHERE lead_provider_id = $1 AND place > $3 AND place <= $3 + $2
 ORDER BY place
