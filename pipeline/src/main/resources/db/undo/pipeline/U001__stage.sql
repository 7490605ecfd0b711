-- The roles stay: they belong to the whole database server, other services use them.
drop table inbox;
drop type inbox_status;
drop table stage_position;
drop table stage;
