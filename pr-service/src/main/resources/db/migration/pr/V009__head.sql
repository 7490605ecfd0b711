create table head (
  tenant text not null,
  name text not null,
  version bigint not null,
  state jsonb not null,
  primary key (tenant, name)
);
comment on table head is
  'Branches that a pull request was asked for, each by the address of its repository, # and its name; written by stage pr-service.opening alone.';

alter table head enable row level security;
alter table head force row level security;
create policy head_owner on head to current_user using (true) with check (true);
create policy head_stage on head to slipway_stage using (true) with check (true);
create policy head_own_tenant on head for select to slipway_api
  using (tenant = nullif(current_setting('slipway.tenant', true), ''));

grant select, insert, update on head to slipway_stage;
grant select on head to slipway_api;
