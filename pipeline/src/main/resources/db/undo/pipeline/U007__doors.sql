delete from http_request where status is null;
alter table http_request drop constraint http_request_answered_whole;
alter table http_request drop column request_id;
alter table http_request alter column status set not null, alter column body set not null;
alter table http_request rename column key_id to request_id;
revoke insert, update on http_request from slipway_stage;
revoke delete on inbox from slipway_stage;
drop table dead_letter, operation, deadline, link;
alter table outbox drop column tenant;
alter table replay_position drop column unrouted, drop column leader_epoch;
alter table stage_position drop constraint stage_position_counts_add_up;
update stage_position set seen = seen - unrouted;
alter table stage_position
  drop column unrouted,
  drop column leader_epoch,
  add constraint stage_position_counts_add_up
    check (seen = applied + known + foreign_type + rejected + dead + parked);
