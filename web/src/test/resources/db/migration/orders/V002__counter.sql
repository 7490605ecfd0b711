create table counter (
  tenant text not null,
  name text primary key,
  version bigint not null,
  state jsonb not null
);
comment on table counter is 'States of a stage that is asked over HTTP.';
grant select, insert, update, delete on counter to slipway_stage;
