drop index operation_alive, operation_lane, operation_one_at_a_time;
create index operation_waiting on operation (stage_id, created_at, operation_id) where state = 'QUEUED';
create index operation_leased on operation (stage_id, leased_until) where state = 'RUNNING';
alter table operation
  drop column operation_no, drop column ordered, drop column cancel_requested_at, drop column due_at, drop column retry_at,
  drop column note, drop column failure_message, drop column failure_retryable;
