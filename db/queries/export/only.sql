-- Narrows the export to one lead provider. $1 the lead provider
SELECT export_only($1);
