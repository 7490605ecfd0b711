create table ledger (
  name text primary key,
  entries text not null
);
comment on table ledger is 'What each key was told; written by the stage of the tests.';

grant select, insert, update on ledger to slipway_stage;
grant select, insert on ledger to slipway_api;
