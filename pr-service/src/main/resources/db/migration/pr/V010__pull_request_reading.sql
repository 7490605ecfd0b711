-- Pull requests of which deliveries leave open what they are now, and that are therefore read from GitHub.
create table pull_request_reading (
  tenant text not null,
  pull_request text not null,
  version bigint not null,
  state jsonb not null,
  due_at timestamptz,
  primary key (tenant, pull_request)
);
comment on table pull_request_reading is
  'How far the reading of pull requests is that are or were ambiguous. Written by stage pr-service.readings alone.';
comment on column pull_request_reading.pull_request is '<repository id>#<number>.';
comment on column pull_request_reading.due_at is
  'From when on it may be asked for again; null while it is under way.';

alter table pull_request_reading enable row level security;
alter table pull_request_reading force row level security;
create policy pull_request_reading_owner on pull_request_reading to current_user using (true) with check (true);
create policy pull_request_reading_stage on pull_request_reading to slipway_stage using (true) with check (true);

grant select, insert, update on pull_request_reading to slipway_stage;
