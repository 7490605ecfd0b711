drop table rebuild_difference;
drop table rebuild_table;
drop table rebuild;
