-- Pull requests as joins: each register keeps the greatest of what came in under its own key, so that neither order
-- nor repetition shows. Written by stage pr-service.deliveries alone, under an advisory lock of the repository.

alter table delivery
  add column pull_request bigint,
  add column event_ids uuid[] not null default '{}';
comment on column delivery.pull_request is 'Number of the pull request that it changed; null when it changed none.';
comment on column delivery.event_ids is 'Ids of the published events that came of it.';

create index delivery_of_number on delivery (tenant, repository_id, number, received_at, delivery_id)
  where number is not null;

create table repository_name (
  tenant text not null,
  repository_id bigint not null,
  full_name text not null,
  name text generated always as (lower(full_name)) stored,
  url text,
  seen_at timestamptz not null,
  primary key (tenant, repository_id, full_name)
);
comment on table repository_name is
  'Names that repositories have or had; the one seen last is current. Written by stage pr-service.deliveries alone.';
create index repository_name_named on repository_name (tenant, name);

create table pull_request (
  tenant text not null,
  repository_id bigint not null,
  number bigint not null,
  version bigint not null,
  core jsonb,
  merge jsonb,
  reviews jsonb not null,
  state text,
  author text,
  head_sha text,
  created_at timestamptz not null,
  ambiguous boolean not null,
  primary key (tenant, repository_id, number),
  constraint pull_request_state_known check (state in ('OPEN', 'CLOSED', 'MERGED')),
  constraint pull_request_merged_for_ever check (merge is null or state = 'MERGED'),
  constraint pull_request_shown_when_known check ((state is null) = (core is null and merge is null)),
  constraint pull_request_version_not_negative check (version >= 0)
);
comment on table pull_request is
  'Registers of each pull request; columns behind reviews are derived from them, for look-ups. Written by stage pr-service.deliveries alone.';
create index pull_request_headed_by on pull_request (tenant, repository_id, head_sha) where head_sha is not null;
create index pull_request_newest on pull_request (tenant, created_at desc, repository_id desc, number desc)
  where state is not null;
create index pull_request_to_ask_about on pull_request (tenant, repository_id, number) where ambiguous;

create table commit_check (
  tenant text not null,
  repository_id bigint not null,
  sha text not null,
  kind text not null constraint commit_check_kind_known check (kind in ('CHECK_RUN', 'STATUS')),
  app_id bigint not null,
  name text not null,
  run_id bigint not null,
  result text not null constraint commit_check_result_known check (result in ('PENDING', 'SUCCEEDED', 'FAILED')),
  ended_at timestamptz,
  primary key (tenant, repository_id, sha, kind, app_id, name)
);
comment on table commit_check is
  'Newest result of each check run and commit status; written by stage pr-service.deliveries alone.';

create table pull_request_comment (
  tenant text not null,
  repository_id bigint not null,
  kind text not null constraint pull_request_comment_kind_known check (kind in ('ISSUE', 'REVIEW')),
  comment_id bigint not null,
  number bigint not null,
  deleted boolean not null,
  updated_at timestamptz,
  author text,
  primary key (tenant, repository_id, kind, comment_id)
);
comment on table pull_request_comment is
  'Comments, without their text; written by stage pr-service.deliveries alone.';

create table workflow_run (
  tenant text not null,
  repository_id bigint not null,
  run_id bigint not null,
  attempt bigint not null,
  result text not null constraint workflow_run_result_known check (result in ('PENDING', 'SUCCEEDED', 'FAILED')),
  updated_at timestamptz,
  head_sha text not null,
  primary key (tenant, repository_id, run_id)
);
comment on table workflow_run is
  'Newest attempt of each workflow run; written by stage pr-service.deliveries alone.';

create table pull_request_event (
  tenant text not null,
  repository_id bigint not null,
  number bigint not null,
  version bigint not null,
  event_id uuid not null,
  type text not null,
  actor text,
  at timestamptz not null,
  cause_id uuid not null,
  primary key (tenant, repository_id, number, version)
);
comment on table pull_request_event is
  'What was published of each pull request, for its timeline; written by stage pr-service.deliveries alone.';

do $$
declare
  kept text;
begin
  foreach kept in array array[
    'repository_name', 'pull_request', 'commit_check', 'pull_request_comment', 'workflow_run', 'pull_request_event']
  loop
    execute format('alter table %I enable row level security', kept);
    execute format('alter table %I force row level security', kept);
    execute format('create policy %I on %I to current_user using (true) with check (true)', kept || '_owner', kept);
    execute format('create policy %I on %I to slipway_stage using (true) with check (true)', kept || '_stage', kept);
    execute format(
      'create policy %I on %I for select to slipway_api using (tenant = nullif(current_setting(''slipway.tenant'', true), ''''))',
      kept || '_own_tenant', kept);
    execute format('grant select, insert, update on %I to slipway_stage', kept);
    execute format('grant select on %I to slipway_api', kept);
  end loop;
end $$;
