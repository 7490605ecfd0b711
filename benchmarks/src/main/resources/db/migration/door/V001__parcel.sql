create table parcel (
  tenant text not null,
  parcel_id uuid primary key,
  version bigint not null,
  state jsonb not null,
  recipient text not null,
  constraint parcel_version_counts check (version >= 0)
);
comment on table parcel is 'States of the stage that the benchmark of the request door runs; written by that stage.';

grant select, insert, update on parcel to slipway_stage;
