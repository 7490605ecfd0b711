-- Whoever is refused something under another tenant's id has a row that says so; it holds the id against nobody.
alter table sandbox drop constraint sandbox_id_unique;
create unique index sandbox_id_unique on sandbox (sandbox_id) where status <> 'NONE';
