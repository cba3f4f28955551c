-- Who am I?
SELECT current_user::text;
