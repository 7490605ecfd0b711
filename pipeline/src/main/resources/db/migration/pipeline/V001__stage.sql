-- What every stage keeps, in the schema of its service.

-- Two roles that nobody logs in as: the service's login is a member of both and takes one on per transaction.
do $$
declare
  membership constant text := case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end;
  needed text;
begin
  foreach needed in array array['slipway_stage', 'slipway_api'] loop
    begin
      if not exists (select from pg_roles where rolname = needed) then
        execute format('create role %I nologin', needed);
      end if;
      if not pg_has_role(current_user, needed, membership) then
        execute format('grant %I to %I', needed, current_user);
      end if;
    exception
      when duplicate_object or unique_violation then
        null; -- another service created it at the same moment
      when insufficient_privilege then
        raise exception 'the login % may not create or join role %', current_user, needed
          using hint = format('as a superuser: create role %1$I nologin; grant %1$I to %2$I;', needed, current_user);
    end;
  end loop;
end $$;

do $$ begin
  execute format('grant usage on schema %I to slipway_stage, slipway_api', current_schema());
end $$;

create table stage (
  stage_id smallint generated always as identity primary key,
  name text not null constraint stage_name_unique unique
);
comment on table stage is 'Short keys for the stages of this service; written by the stage runner at start.';

create table stage_position (
  stage_id smallint not null references stage,
  topic text not null,
  partition int not null,
  topic_id text not null,
  next_offset bigint not null,
  seen bigint not null default 0,
  applied bigint not null default 0,
  known bigint not null default 0,
  foreign_type bigint not null default 0,
  rejected bigint not null default 0,
  dead bigint not null default 0,
  parked bigint not null default 0,
  updated_at timestamptz not null default now(),
  primary key (stage_id, topic, partition),
  constraint stage_position_offset_not_negative check (next_offset >= 0),
  constraint stage_position_counts_add_up
    check (seen = applied + known + foreign_type + rejected + dead + parked)
);
comment on table stage_position is
  'How far each stage has come, and what became of what it saw; written in every stage transaction, locked first.';

create type inbox_status as enum ('applied', 'rejected', 'dead', 'parked');

-- No foreign key to stage: checking it took a third of the time of a claim, and stages are never deleted.
create table inbox (
  stage_id smallint not null,
  ce_id uuid not null,
  status inbox_status not null default 'applied',
  primary key (stage_id, ce_id)
);
comment on table inbox is
  'Ids of the records that each stage has seen; written in the stage transaction, never deleted before the source''s retention.';

grant select, insert, update on stage, stage_position, inbox to slipway_stage;
grant select on stage, stage_position to slipway_api;
