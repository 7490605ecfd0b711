create table errand (
  tenant text not null,
  errand_id uuid primary key,
  version bigint not null,
  state jsonb not null,
  status text not null,
  constraint errand_version_counts check (version >= 0)
);
comment on table errand is 'States of the stage that the benchmark of operations runs; written by that stage.';

grant select, insert, update on errand to slipway_stage;
