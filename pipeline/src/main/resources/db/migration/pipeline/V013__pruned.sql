-- What is no longer kept of a table: a rebuild leaves it out on both sides.
create table pruned (
  table_name text primary key,
  column_name text not null,
  before timestamptz not null
);
comment on table pruned is
  'Tables of which rows are deleted by age: none whose column is before then counts. Written with the deletion.';

grant select, insert, update on pruned to slipway_stage;
