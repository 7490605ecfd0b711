-- What a transaction of the stage locks: a row for each repository of each tenant. Ten thousand advisory locks would not
-- fit into Postgres's table of locks; of row locks there may be any number.
create table repository (
  tenant text not null,
  repository_id bigint not null,
  primary key (tenant, repository_id)
);
comment on table repository is
  'Repositories that deliveries told of (0: none), to be locked; nothing is read from it. Written by stage pr-service.deliveries alone.';

insert into repository (tenant, repository_id)
  select tenant, coalesce(repository_id, 0) from delivery
  union
  select tenant, repository_id from pull_request
  union
  select tenant, repository_id from repository_name;

alter table repository enable row level security;
alter table repository force row level security;
create policy repository_owner on repository to current_user using (true) with check (true);
create policy repository_stage on repository to slipway_stage using (true) with check (true);

-- "update" is what "select … for update" needs
grant select, insert, update on repository to slipway_stage;
