-- What an installation may delete when it is old (slipway.retention.*).
create index delivery_oldest on delivery (received_at) where outcome <> 'DEAD_LETTERED';
create index pull_request_event_oldest on pull_request_event (at);
create index task_event_oldest on task_event (at);

-- "update" is what "select … for update" needs
grant update, delete on task_event to slipway_stage;
grant delete on delivery, pull_request_event to slipway_stage;

-- Nothing that is younger than the least that these settings take: see RetentionProperties, DeliveryPruning.
do $$
declare
  aged record;
begin
  for aged in
    select * from (values
      ('delivery', 'received_at', '22 days'), ('pull_request_event', 'at', '1 day'), ('task_event', 'at', '1 day'))
      as aged (name, since, least)
  loop
    execute format('drop policy %I on %I', aged.name || '_stage', aged.name);
    execute format('create policy %I on %I for select to slipway_stage using (true)', aged.name || '_stage_reads', aged.name);
    execute format('create policy %I on %I for insert to slipway_stage with check (true)', aged.name || '_stage_adds', aged.name);
    execute format(
      'create policy %I on %I for update to slipway_stage using (true) with check (true)', aged.name || '_stage_changes', aged.name);
    execute format(
      'create policy %I on %I for delete to slipway_stage using (%I < now() - interval %L)',
      aged.name || '_stage_deletes', aged.name, aged.since, aged.least);
  end loop;
end $$;

comment on table pull_request_event is
  'What was published of each pull request, for its timeline; written by stage pr-service.deliveries alone, deleted by age where an installation says so.';
comment on table task_event is
  'What happened to each task and what it asked for, for its timeline; written by stage pr-service.tasks alone, deleted by age where an installation says so. A rebuild leaves it out.';

comment on table delivery is
  'What became of each webhook; a projection of github.deliveries, written by stage pr-service.deliveries alone, deleted some time after its record is gone where an installation says so.';
