create table installation (
  only_one boolean primary key default true constraint installation_is_one check (only_one),
  installation_id uuid not null default gen_random_uuid(),
  cared_at timestamptz not null default '-infinity'
);
comment on table installation is
  'By which a provider''s sandboxes are known as ours, drawn here; and when somebody last looked after them, written by workers.';
insert into installation default values;

alter table installation enable row level security;
alter table installation force row level security;
create policy installation_owner on installation to current_user using (true) with check (true);
create policy installation_stage on installation to slipway_stage using (true) with check (true);
grant select, update on installation to slipway_stage;
