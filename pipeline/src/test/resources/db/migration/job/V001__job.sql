create table job (
  tenant text not null,
  job_id uuid primary key,
  version bigint not null,
  state jsonb not null,
  status text not null,
  constraint job_version_counts check (version >= 0)
);
comment on table job is 'States of the ordered stage of the tests; written by that stage.';

create table ticket_news (
  tenant text not null,
  ticket text not null,
  news text not null,
  primary key (tenant, ticket, news)
);
comment on table ticket_news is 'What stands on the other side of a link; written by the tests before they publish it.';

grant select, insert, update on job, ticket_news to slipway_stage;
