-- Does a user have this address, as their own or as one under which they train? $1 address
SELECT EXISTS (SELECT FROM users WHERE lower(email) = lower($1))
       OR EXISTS (SELECT FROM identities WHERE lower(email) = lower($1));
