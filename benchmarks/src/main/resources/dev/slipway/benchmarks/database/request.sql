-- The statements of a request that creates something, in a transaction of its own and as many flights as the stage takes,
-- for rows of the same columns and sizes. Every tenth repeats the key of one of the nine before it.
\if :n = 0
select (extract(epoch from clock_timestamp()) * 1000)::bigint as n \gset
\set first :n
\endif
\set place (:n - :first) % 10
\if :place = 9
\set k :n - random(1, 9)
\else
\set k :n
\endif
\set n :n + 1
\startpipeline
begin;
insert into http_request (key_id, request_id, tenant, body_sha256)
  values (md5(:client_id::text || '/' || :k::text)::uuid,
    lpad(to_hex(:k::bigint * 64 + :client_id::bigint), 32, '0')::uuid, 'default', sha256(convert_to(:k::text, 'UTF8')))
  on conflict do nothing;
select key_id, request_id, body_sha256, status, location, body from http_request
  where key_id = md5(:client_id::text || '/' || :k::text)::uuid;
\endpipeline
\if :place <> 9
select t.tenant, t.version, t.state::text from parcel t
  where t.parcel_id = lpad(to_hex(:k::bigint * 64 + :client_id::bigint), 32, '0')::uuid for update of t;
\startpipeline
insert into parcel (tenant, parcel_id, version, state, recipient)
  values ('default', lpad(to_hex(:k::bigint * 64 + :client_id::bigint), 32, '0')::uuid, 1,
    jsonb_build_object('recipient', repeat('recipient', 16) || '-' || :k::text),
    repeat('recipient', 16) || '-' || :k::text);
insert into outbox (
    topic, tenant, record_key, ce_id, ce_type, ce_source, ce_time, ce_subject, ce_sequence, traceparent, value)
  values ('parcel.events', 'default', lpad(to_hex(:k::bigint * 64 + :client_id::bigint), 32, '0')::uuid::text,
    gen_random_uuid(), 'parcel.handed_in', 'bench', now(),
    lpad(to_hex(:k::bigint * 64 + :client_id::bigint), 32, '0')::uuid::text, 1, null,
    convert_to(repeat('recipient', 16) || '-' || :k::text, 'UTF8'));
update http_request set status = 202,
    location = '/parcels/' || lpad(to_hex(:k::bigint * 64 + :client_id::bigint), 32, '0')::uuid,
    body = '{"parcel_id":"' || lpad(to_hex(:k::bigint * 64 + :client_id::bigint), 32, '0')::uuid
      || '","recipient":"' || repeat('recipient', 16) || '-' || :k::text || '","version":1}'
  where key_id = md5(:client_id::text || '/' || :k::text)::uuid;
\endpipeline
\endif
commit;
