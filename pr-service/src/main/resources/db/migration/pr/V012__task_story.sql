-- Whose a pull request is, told by its head or its number: without a look into states, which may hold whole patches.
alter table task
  add column branch text,
  add column sandbox_id uuid,
  add column user_id text,
  add column session_id text;
update task set
  branch = state #>> '{work,branch}',
  sandbox_id = (state #>> '{attempt,sandboxId}')::uuid,
  user_id = state #>> '{owner,userId}',
  session_id = state #>> '{owner,sessionId}';
create index task_of_head on task (tenant, repository_id, branch) where branch is not null;

create table task_event (
  tenant text not null,
  task_id uuid not null,
  line bigint not null generated always as identity,
  item_id uuid not null,
  type text not null,
  summary text not null,
  actor text,
  at timestamptz not null,
  cause_id uuid not null,
  is_published boolean not null,
  topic text,
  partition int,
  record_offset bigint,
  primary key (tenant, task_id, line),
  constraint task_event_place_whole check ((partition is null) = (record_offset is null))
);
comment on table task_event is
  'What happened to each task and what it asked for, for its timeline; written by stage pr-service.tasks alone. A rebuild leaves it out.';
comment on column task_event.is_published is 'Whether item_id is that of an event; else of a command or an operation.';
comment on column task_event.topic is
  'Where the record stands that the event follows from; of a command the topic that it is sent by, without its place.';

alter table task_event enable row level security;
alter table task_event force row level security;
create policy task_event_owner on task_event to current_user using (true) with check (true);
create policy task_event_stage on task_event to slipway_stage using (true) with check (true);
create policy task_event_own_tenant on task_event for select to slipway_api
  using (tenant = nullif(current_setting('slipway.tenant', true), ''));

grant select, insert on task_event to slipway_stage;
grant select on task_event to slipway_api;
