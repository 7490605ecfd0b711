-- GitHub's names are ASCII, and compared without regard to case. lower() by a database's own collation folds more: the
-- Kelvin sign is a k to it, so that a name which merely looks like another would be found by it. By "C" it folds A to Z.
-- Columns are made anew because Postgres 15 and 16 cannot change the expression of one.
alter table delivery
  drop column repository_name,
  add column repository_name text generated always as (lower(repository_full_name collate "C")) stored;
create index delivery_of_repository on delivery (tenant, repository_name, received_at desc, delivery_id desc);

alter table repository_name
  drop column name,
  add column name text generated always as (lower(full_name collate "C")) stored;
create index repository_name_named on repository_name (tenant, name);
