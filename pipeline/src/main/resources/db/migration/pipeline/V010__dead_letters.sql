-- What operators see of records that wait, and how they let them go.

alter table dead_letter
  add column letter_no bigint generated always as identity constraint dead_letter_no_unique unique,
  add column value_bytes int not null default 0,
  add column headers jsonb not null default '[]';

-- Every tenant's, for operators, who are of the tenant default.
create policy dead_letter_operator on dead_letter to slipway_api
  using (nullif(current_setting('slipway.tenant', true), '') = 'default');
grant select, update, delete on dead_letter to slipway_api;
