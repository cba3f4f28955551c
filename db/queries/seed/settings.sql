-- Tells the scripts of db/seeds/ what to make, for this transaction. $1 profile, $2 seed, $3 day
SELECT set_config('cpd.bulk', 'on', true), set_config('work_mem', '128MB', true), set_config('cpd.profile', $1, true),
       set_config('cpd.seed', ($2::bigint)::text, true), set_config('cpd.as_of', ($3::date)::text, true);
