create table http_request (
  request_id uuid primary key,
  tenant text not null,
  body_sha256 bytea not null,
  status smallint not null,
  location text,
  body text not null,
  created_at timestamptz not null default now(),
  constraint http_request_digest_whole check (length(body_sha256) = 32),
  constraint http_request_status_is_an_answer check (status between 200 and 599)
);
comment on table http_request is
  'Answers to requests that carried an Idempotency-Key; written in the transaction of the request''s effect, deleted after a day.';

create index http_request_oldest on http_request (created_at);

alter table http_request enable row level security;
alter table http_request force row level security;
create policy http_request_owner on http_request to current_user using (true) with check (true);
create policy http_request_stage on http_request to slipway_stage using (true) with check (true);
create policy http_request_own_tenant on http_request to slipway_api
  using (tenant = nullif(current_setting('slipway.tenant', true), ''))
  with check (tenant = nullif(current_setting('slipway.tenant', true), ''));

grant select, insert on http_request to slipway_api;
grant select, delete on http_request to slipway_stage;
