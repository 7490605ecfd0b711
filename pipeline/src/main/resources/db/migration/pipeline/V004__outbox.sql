create table outbox (
  outbox_id bigint generated always as identity primary key,
  topic text not null,
  record_key text not null,
  ce_id uuid not null,
  ce_type text not null,
  ce_source text not null,
  ce_time timestamptz not null,
  ce_subject text,
  ce_sequence bigint,
  traceparent text,
  value bytea not null,
  published_at timestamptz
);
comment on table outbox is
  'Records to be published; written in the stage transaction, marked by the relay, deleted a day after.';

create index outbox_waiting on outbox (outbox_id) where published_at is null;
create index outbox_oldest on outbox (published_at) where published_at is not null;

grant select, insert, update, delete on outbox to slipway_stage;
