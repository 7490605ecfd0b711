create table sandbox (
  tenant text not null,
  sandbox_id uuid not null,
  version bigint not null,
  state jsonb not null,
  requested_at timestamptz,
  repository text,
  ended boolean not null,
  pull_request_repository_id bigint,
  pull_request_number bigint,
  primary key (tenant, sandbox_id),
  constraint sandbox_pull_request_whole check ((pull_request_repository_id is null) = (pull_request_number is null))
);
comment on table sandbox is
  'What sandbox.events say of sandboxes: whose they are, and which pull request came of them; written by stage pr-service.sandboxes alone.';

-- By the number of a pull request, and by the address of a repository: the youngest that has not ended.
create index sandbox_of_pull_request on sandbox (tenant, pull_request_repository_id, pull_request_number)
  where pull_request_number is not null;
create index sandbox_of_repository on sandbox (tenant, repository, requested_at desc, sandbox_id desc)
  where repository is not null and not ended;

alter table sandbox enable row level security;
alter table sandbox force row level security;
create policy sandbox_owner on sandbox to current_user using (true) with check (true);
create policy sandbox_stage on sandbox to slipway_stage using (true) with check (true);
create policy sandbox_own_tenant on sandbox for select to slipway_api
  using (tenant = nullif(current_setting('slipway.tenant', true), ''));

grant select, insert, update on sandbox to slipway_stage;
grant select on sandbox to slipway_api;

-- The other sides: names of repositories by their address, folded as it is in sandboxes, and pull requests by the branch
-- that is to be merged. A branch of ours is shorter than 255 characters, and an index holds no text of any length.
alter table repository_name
  add column address text generated always as (lower(url collate "C")) stored;
create index repository_name_at on repository_name (tenant, address) where address is not null;

alter table pull_request
  add column head_ref text generated always as (left(core #>> '{details,head_ref}', 255)) stored;
create index pull_request_of_head on pull_request (tenant, repository_id, head_ref) where head_ref is not null;
