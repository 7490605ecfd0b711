create table tally (
  tenant text not null,
  name text not null,
  version bigint not null,
  state jsonb not null,
  total bigint not null,
  primary key (tenant, name),
  constraint tally_total_not_negative check (total >= 0)
);
comment on table tally is 'What was counted; written by stage example.tally.';

grant select, insert, update on tally to slipway_stage;
