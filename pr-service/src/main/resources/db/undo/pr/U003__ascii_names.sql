alter table delivery
  drop column repository_name,
  add column repository_name text generated always as (lower(repository_full_name)) stored;
create index delivery_of_repository on delivery (tenant, repository_name, received_at desc, delivery_id desc);

alter table repository_name
  drop column name,
  add column name text generated always as (lower(full_name)) stored;
create index repository_name_named on repository_name (tenant, name);
