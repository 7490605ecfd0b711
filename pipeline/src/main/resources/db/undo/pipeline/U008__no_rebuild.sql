create table rebuild (
  rebuild_id uuid primary key,
  stage_id smallint not null references stage,
  state text not null default 'RUNNING' constraint rebuild_state_known check (state in ('RUNNING', 'DONE', 'STOPPED')),
  reason text,
  requested_by text not null,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  attempt int not null default 0,
  progress_percent int not null default 0,
  records bigint not null default 0,
  constraint rebuild_percent_of_a_whole check (progress_percent between 0 and 100)
);
comment on table rebuild is
  'Rebuilds that operators asked for; written by the admin route, then by the one process that runs it.';

create table rebuild_table (
  rebuild_id uuid not null references rebuild,
  n int not null,
  table_name text not null,
  live_rows bigint not null,
  missing bigint not null,
  unexpected bigint not null,
  different bigint not null,
  left_out text[] not null,
  primary key (rebuild_id, n)
);
comment on table rebuild_table is
  'What each table of a rebuild came to; written in the transaction that ends it.';

create table rebuild_difference (
  rebuild_id uuid not null references rebuild,
  n int not null,
  table_name text not null,
  row_key text not null,
  column_name text,
  live text,
  rebuilt text,
  primary key (rebuild_id, n)
);
comment on table rebuild_difference is
  'The first differences that a rebuild found, of every tenant; written in the transaction that ends it.';

grant select, insert, update on rebuild, rebuild_table, rebuild_difference to slipway_stage;
grant select, insert on rebuild to slipway_api;
grant select on rebuild_table, rebuild_difference to slipway_api;
