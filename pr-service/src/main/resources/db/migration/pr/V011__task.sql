create table task (
  tenant text not null,
  task_id uuid not null,
  version bigint not null,
  state jsonb not null,
  status text not null,
  execution_id text,
  squad_id text,
  agent_id text,
  repository text,
  repository_name text,
  repository_id bigint,
  pull_request_number bigint,
  pull_request_state text,
  labels text[] not null,
  created_at timestamptz,
  finished_at timestamptz,
  primary key (tenant, task_id),
  constraint task_status_known
    check (status in ('NONE', 'TODO', 'IN_PROGRESS', 'IN_REVIEW', 'DONE', 'FAILED', 'CANCELLED', 'CLOSED')),
  constraint task_asked_for check ((status = 'NONE') = (created_at is null) and (status = 'NONE') = (repository is null)),
  constraint task_in_review_has_pull_request check (pull_request_number is not null or status not in ('IN_REVIEW', 'CLOSED')),
  constraint task_pull_request_whole
    check ((pull_request_number is null) = (pull_request_state is null) and (pull_request_number is null or repository_id is not null)),
  constraint task_pull_request_state_known check (pull_request_state in ('OPEN', 'CLOSED', 'MERGED'))
);
comment on table task is
  'Tasks, as the events of task.events say; written by stage pr-service.tasks alone. Of status NONE: nothing but a refused wish is known.';

-- An id that Slipway gives out is one over all tenants, among tasks that somebody asked for.
create unique index task_id_unique on task (task_id) where status <> 'NONE';
create index task_by_id on task (task_id);
-- Lists: newest first within a tenant, and by what they are asked for.
create index task_newest on task (tenant, created_at desc, task_id desc) where status <> 'NONE';
create index task_of_execution on task (tenant, execution_id, created_at desc) where execution_id is not null;
create index task_of_squad on task (tenant, squad_id, created_at desc) where squad_id is not null;
create index task_of_agent on task (tenant, agent_id, created_at desc) where agent_id is not null;
create index task_of_repository on task (tenant, repository_name, created_at desc) where repository_name is not null;
-- The task of a pull request.
create index task_of_pull_request on task (tenant, repository_id, pull_request_number) where pull_request_number is not null;

alter table task enable row level security;
alter table task force row level security;
create policy task_owner on task to current_user using (true) with check (true);
create policy task_stage on task to slipway_stage using (true) with check (true);
create policy task_own_tenant on task for select to slipway_api
  using (tenant = nullif(current_setting('slipway.tenant', true), ''));

grant select, insert, update on task to slipway_stage;
grant select on task to slipway_api;
