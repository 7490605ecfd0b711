-- What comes in besides records: requests, deadlines that are due, outcomes of operations.

alter table stage_position
  add column leader_epoch int,
  add column unrouted bigint not null default 0,
  drop constraint stage_position_counts_add_up,
  add constraint stage_position_counts_add_up
    check (seen = applied + known + foreign_type + unrouted + rejected + dead + parked);
alter table replay_position add column leader_epoch int, add column unrouted bigint not null default 0;

-- Keys of different tenants may be alike.
alter table outbox add column tenant text not null default 'default';
alter table outbox alter column tenant drop default;

create table link (
  stage_id smallint not null,
  tenant text not null,
  kind text not null,
  value text not null,
  key text not null,
  is_exclusive boolean not null,
  primary key (stage_id, tenant, kind, value, key)
);
comment on table link is
  'Names under which aggregates are found, as they follow from their states; written with the state.';
create unique index link_exclusive on link (stage_id, tenant, kind, value) where is_exclusive;

create table deadline (
  stage_id smallint not null,
  tenant text not null,
  key text not null,
  name text not null,
  due_at timestamptz not null,
  armed boolean not null default true,
  primary key (stage_id, tenant, key, name)
);
comment on table deadline is
  'What aggregates wait for, as it follows from their states; written with the state. One that changed nothing is disarmed until the state sets it again.';
create index deadline_due on deadline (stage_id, due_at) where armed;

create table operation (
  operation_id uuid primary key,
  stage_id smallint not null,
  tenant text not null,
  key text not null,
  kind text not null,
  request jsonb not null,
  state text not null default 'QUEUED'
    constraint operation_state_known check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  epoch int not null default 0,
  worker text,
  leased_until timestamptz,
  result jsonb,
  failure_code text,
  traceparent text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  constraint operation_leased_while_running check ((state = 'RUNNING') = (leased_until is not null)),
  constraint operation_ended_has_time
    check ((state in ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (finished_at is not null)),
  constraint operation_failed_has_code check ((state = 'FAILED') = (failure_code is not null))
);
comment on table operation is
  'Calls to the outside, written with the decision that asks for them; leased by a worker, ended with its outcome.';
create index operation_waiting on operation (stage_id, created_at, operation_id) where state = 'QUEUED';
create index operation_leased on operation (stage_id, leased_until) where state = 'RUNNING';
create index operation_of_aggregate on operation (stage_id, tenant, key);

create table dead_letter (
  stage_id smallint not null,
  ce_id uuid not null,
  topic text not null,
  partition int not null,
  topic_id text not null,
  record_offset bigint not null,
  status text not null constraint dead_letter_status_known check (status in ('DEAD', 'PARKED', 'REQUEUED')),
  lanes text[] not null,
  cause text not null,
  ce_type text,
  tenant text,
  key text,
  noted_at timestamptz not null default now(),
  primary key (stage_id, ce_id)
);
comment on table dead_letter is
  'Records that wait for an operator, and those that wait behind one in a lane; written in the stage transaction, deleted when requeued and applied, or discarded.';
create index dead_letter_lane on dead_letter using gin (lanes);

-- The id of a request is drawn once and kept under its key, from which it does not follow.
alter table http_request rename column request_id to key_id;
alter table http_request add column request_id uuid;
update http_request set request_id = key_id;
alter table http_request
  alter column request_id set not null,
  alter column status drop not null,
  alter column body drop not null,
  add constraint http_request_answered_whole check ((status is null) = (body is null));

do $$
declare
  owned text;
begin
  foreach owned in array array['link', 'deadline', 'operation', 'dead_letter'] loop
    execute format('alter table %I enable row level security', owned);
    execute format('alter table %I force row level security', owned);
    execute format('create policy %I on %I to current_user using (true) with check (true)', owned || '_owner', owned);
    execute format('create policy %I on %I to slipway_stage using (true) with check (true)', owned || '_stage', owned);
    execute format('grant select, insert, update, delete on %I to slipway_stage', owned);
  end loop;
end $$;
create policy operation_own_tenant on operation for select to slipway_api
  using (tenant = nullif(current_setting('slipway.tenant', true), ''));
grant select on operation to slipway_api;
grant delete on inbox to slipway_stage;
grant insert, update on http_request to slipway_stage;
