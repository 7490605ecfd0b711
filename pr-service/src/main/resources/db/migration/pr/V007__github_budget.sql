-- GitHub stands so many calls that write of one installation or token, whichever of our processes makes them.
create table github_budget (
  caller text primary key,
  creations timestamptz[] not null,
  written_at timestamptz not null,
  limited_until timestamptz not null default '-infinity'
);
comment on table github_budget is
  'Calls of GitHub''s API that write, by its host and who makes them. Written by whoever makes such a call, before it.';
comment on column github_budget.creations is
  'When something was created that people see, of the last hour, oldest first.';
comment on column github_budget.written_at is 'When the last call that writes was made.';
comment on column github_budget.limited_until is 'Until when GitHub wants no calls.';

alter table github_budget enable row level security;
alter table github_budget force row level security;
create policy github_budget_owner on github_budget to current_user using (true) with check (true);
create policy github_budget_stage on github_budget to slipway_stage using (true) with check (true);

grant select, insert, update on github_budget to slipway_stage;
