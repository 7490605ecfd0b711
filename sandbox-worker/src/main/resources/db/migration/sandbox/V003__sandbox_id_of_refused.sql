-- Whoever is refused something under another tenant's id has a row that says so; it holds the id against nobody.
alter table sandbox drop constraint sandbox_id_unique;
create unique index sandbox_id_unique on sandbox (sandbox_id) where status <> 'NONE';
-- Stages look for an id whoever has it, refused or not.
create index sandbox_by_id on sandbox (sandbox_id);
