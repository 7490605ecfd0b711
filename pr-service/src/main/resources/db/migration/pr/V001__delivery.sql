create table delivery (
  delivery_id uuid primary key,
  tenant text not null,
  event text not null,
  action text,
  repository_id bigint,
  repository_full_name text,
  repository_name text generated always as (lower(repository_full_name)) stored,
  number bigint,
  sender text,
  hook_id bigint,
  installation_id bigint,
  received_at timestamptz not null,
  content_type text not null,
  body_bytes int not null,
  body_sha256 bytea not null,
  topic text not null,
  partition int not null,
  record_offset bigint not null,
  outcome text not null,
  reason text,
  constraint delivery_outcome_known
    check (outcome in ('APPLIED', 'UNCHANGED', 'IGNORED', 'REJECTED', 'DEAD_LETTERED')),
  constraint delivery_reason_where_nothing_was_done
    check ((reason is null) = (outcome in ('APPLIED', 'UNCHANGED'))),
  constraint delivery_digest_whole check (length(body_sha256) = 32)
);
comment on table delivery is
  'What became of each webhook; a projection of github.deliveries, written by stage pr-service.deliveries alone.';

-- Lists: newest first within a tenant, and within a repository. Its name in lower case is a column because
-- lower() is not leakproof: under row-level security no condition with it is looked up in an index.
create index delivery_newest on delivery (tenant, received_at desc, delivery_id desc);
create index delivery_of_repository on delivery (tenant, repository_name, received_at desc, delivery_id desc);

alter table delivery enable row level security;
alter table delivery force row level security;
create policy delivery_owner on delivery to current_user using (true) with check (true);
create policy delivery_stage on delivery to slipway_stage using (true) with check (true);
create policy delivery_own_tenant on delivery for select to slipway_api
  using (tenant = nullif(current_setting('slipway.tenant', true), ''));

grant select, insert, update on delivery to slipway_stage;
grant select on delivery to slipway_api;
