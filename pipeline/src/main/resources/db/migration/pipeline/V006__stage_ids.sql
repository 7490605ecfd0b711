-- Each look at a stage's key drew from its sequence, once a second, until none of its 32,767 values was left and no
-- stage could start. Its next value is again the one after the greatest that was given.
select setval(pg_get_serial_sequence('stage', 'stage_id'), coalesce(max(stage_id), 0) + 1, false) from stage;
