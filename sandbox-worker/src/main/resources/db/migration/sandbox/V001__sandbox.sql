create table sandbox (
  tenant text not null,
  sandbox_id uuid not null,
  version bigint not null,
  state jsonb not null,
  status text not null,
  template text,
  name text,
  external_id text,
  task_id text,
  execution_id text,
  squad_id text,
  agent_id text,
  session_id text,
  repository text,
  repository_name text,
  metadata jsonb,
  requested_at timestamptz,
  primary key (tenant, sandbox_id),
  constraint sandbox_id_unique unique (sandbox_id),
  constraint sandbox_status_known
    check (status in ('NONE', 'REQUESTED', 'CREATED', 'RUNNING', 'PAUSED', 'TERMINATING', 'TERMINATED', 'FAILED')),
  constraint sandbox_asked_for
    check ((status = 'NONE') = (requested_at is null) and (status = 'NONE') = (template is null) and (status = 'NONE') = (metadata is null)),
  constraint sandbox_running_has_place check (external_id is not null or status not in ('CREATED', 'RUNNING', 'PAUSED'))
);
comment on table sandbox is
  'Sandboxes, as the events of sandbox.events say; written by stage sandbox-worker.sandboxes alone. Of status NONE: nothing but a refused wish is known.';

-- Lists: newest first within a tenant, and by what they are asked for. None by metadata: containment is not leakproof, so
-- that under row-level security no condition with it is looked up in an index.
create index sandbox_newest on sandbox (tenant, requested_at desc, sandbox_id desc);
create index sandbox_named on sandbox (tenant, name, requested_at desc) where name is not null;
create index sandbox_of_task on sandbox (tenant, task_id, requested_at desc) where task_id is not null;
create index sandbox_of_session on sandbox (tenant, session_id, requested_at desc) where session_id is not null;
create index sandbox_of_repository on sandbox (tenant, repository_name, requested_at desc) where repository_name is not null;
-- What workers look after.
create index sandbox_alive on sandbox (status) where status not in ('NONE', 'TERMINATED', 'FAILED');
create index sandbox_at_provider on sandbox (external_id) where external_id is not null;

alter table sandbox enable row level security;
alter table sandbox force row level security;
create policy sandbox_owner on sandbox to current_user using (true) with check (true);
create policy sandbox_stage on sandbox to slipway_stage using (true) with check (true);
create policy sandbox_own_tenant on sandbox for select to slipway_api
  using (tenant = nullif(current_setting('slipway.tenant', true), ''));

grant select, insert, update on sandbox to slipway_stage;
grant select on sandbox to slipway_api;
