drop table replay_position;
drop table replay;
