-- What workers need of operations: an order, one at a time of an aggregate, a wish to cancel, another try later, and a
-- note for whoever takes one over.

alter table operation
  add column operation_no bigint generated always as identity,
  add column ordered boolean not null default false,
  add column cancel_requested_at timestamptz,
  add column due_at timestamptz,
  add column retry_at timestamptz,
  add column note jsonb,
  add column failure_message text,
  add column failure_retryable boolean,
  add constraint operation_failure_whole
    check ((failure_code is null) = (failure_message is null) and (failure_code is null) = (failure_retryable is null))
    not valid;

-- Those that ended before have no message.
update operation set failure_message = 'It failed.', failure_retryable = false where failure_code is not null;
alter table operation validate constraint operation_failure_whole;

drop index operation_waiting;
drop index operation_leased;
create index operation_alive on operation (stage_id, operation_no) where state in ('QUEUED', 'RUNNING');
create index operation_lane on operation (stage_id, tenant, key, operation_no) where ordered and state in ('QUEUED', 'RUNNING');
create unique index operation_one_at_a_time on operation (stage_id, tenant, key)
  where ordered and state = 'RUNNING' and cancel_requested_at is null;
