-- $1 the service's role
SELECT grant_service($1::text::name);
