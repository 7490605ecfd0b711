create table counter (
  tenant text not null,
  name text not null,
  version bigint not null,
  state jsonb not null,
  primary key (tenant, name)
);
comment on table counter is 'What the second service of the tests counts; written by stage second.counters.';

grant select, insert, update on counter to slipway_stage;
