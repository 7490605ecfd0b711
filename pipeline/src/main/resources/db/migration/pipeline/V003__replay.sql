create table replay (
  replay_id uuid primary key,
  stage_id smallint not null references stage,
  mode text not null constraint replay_mode_known check (mode in ('KNOWN', 'FORCE', 'FORCE_APPLY')),
  state text not null default 'RUNNING' constraint replay_state_known check (state in ('RUNNING', 'DONE', 'STOPPED')),
  reason text,
  requested_by text not null,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);
comment on table replay is 'Replays that operators asked for; written by the admin route, finished by the stage runner.';

create table replay_position (
  replay_id uuid not null references replay,
  topic text not null,
  partition int not null,
  topic_id text not null,
  from_offset bigint not null,
  to_offset bigint not null,
  next_offset bigint not null,
  seen bigint not null default 0,
  applied bigint not null default 0,
  known bigint not null default 0,
  foreign_type bigint not null default 0,
  rejected bigint not null default 0,
  dead bigint not null default 0,
  parked bigint not null default 0,
  changed bigint not null default 0,
  primary key (replay_id, topic, partition),
  constraint replay_position_in_range check (next_offset between from_offset and to_offset)
);
comment on table replay_position is 'How far each replay has come; written in the transaction of each batch.';

grant select, insert, update on replay, replay_position to slipway_stage;
grant select, insert on replay, replay_position to slipway_api;
