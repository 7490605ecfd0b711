-- A rebuild is a job of the command that asks for it: nothing of it is kept.
drop table rebuild_difference, rebuild_table, rebuild;
