do $$
declare
  aged text;
begin
  foreach aged in array array['delivery', 'pull_request_event', 'task_event'] loop
    execute format('drop policy %I on %I', aged || '_stage_reads', aged);
    execute format('drop policy %I on %I', aged || '_stage_adds', aged);
    execute format('drop policy %I on %I', aged || '_stage_changes', aged);
    execute format('drop policy %I on %I', aged || '_stage_deletes', aged);
    execute format('create policy %I on %I to slipway_stage using (true) with check (true)', aged || '_stage', aged);
  end loop;
end $$;
revoke update, delete on task_event from slipway_stage;
revoke delete on delivery, pull_request_event from slipway_stage;
drop index task_event_oldest, pull_request_event_oldest, delivery_oldest;
comment on table delivery is
  'What became of each webhook; a projection of github.deliveries, written by stage pr-service.deliveries alone.';
comment on table pull_request_event is
  'What was published of each pull request, for its timeline; written by stage pr-service.deliveries alone.';
comment on table task_event is
  'What happened to each task and what it asked for, for its timeline; written by stage pr-service.tasks alone. A rebuild leaves it out.';
