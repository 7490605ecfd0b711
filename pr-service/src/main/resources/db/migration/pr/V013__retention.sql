-- What an installation may delete when it is old (slipway.retention.*).
create index delivery_oldest on delivery (received_at) where outcome <> 'DEAD_LETTERED';
create index pull_request_event_oldest on pull_request_event (at);
create index task_event_oldest on task_event (at);

grant delete on delivery, pull_request_event to slipway_stage;
-- "update" is what "select … for update" needs
grant update, delete on task_event to slipway_stage;

comment on table pull_request_event is
  'What was published of each pull request, for its timeline; written by stage pr-service.deliveries alone, deleted by age where an installation says so.';
comment on table task_event is
  'What happened to each task and what it asked for, for its timeline; written by stage pr-service.tasks alone, deleted by age where an installation says so. A rebuild leaves it out.';

comment on table delivery is
  'What became of each webhook; a projection of github.deliveries, written by stage pr-service.deliveries alone, deleted some time after its record is gone where an installation says so.';
