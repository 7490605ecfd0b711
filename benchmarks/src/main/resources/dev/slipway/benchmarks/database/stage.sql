-- The statements of the stage transaction, for rows of the same columns that the server makes itself: four deliveries
-- a pull request, each with an event.
select array_agg(gen_random_uuid() order by n)::text as ids, (random() * 1000000000000)::bigint as first
  from generate_series(1, :batch) n \gset
begin;
set local role slipway_stage;
select topic, partition, topic_id, next_offset from stage_position
  where stage_id = 1 and (topic, partition) in (select * from unnest(array['github.deliveries'], array[0]))
  order by topic, partition for update;
insert into inbox (stage_id, ce_id, status)
  select 1, id, 'applied'::inbox_status from unnest(:ids::uuid[]) id on conflict do nothing returning ce_id;
select pg_advisory_xact_lock(hash) from (
  select distinct hashtextextended('pr ' || n / 4 % 1000 || ' default', 0) as hash
  from generate_series(1, :batch) n order by hash) as sorted;
select t.* from repository_name t
  join (select distinct 'default' as tenant, (n / 4 % 1000)::bigint as repository_id from generate_series(1, :batch) n) k
  using (tenant, repository_id);
select t.* from pull_request t
  join (select distinct 'default' as tenant, (n / 4 % 1000)::bigint as repository_id, :first::bigint + n / 4 as number
    from generate_series(1, :batch) n) k using (tenant, repository_id, number);
select * from delivery where delivery_id = any(:ids::uuid[]);
insert into delivery (
    delivery_id, tenant, event, action, repository_id, repository_full_name, number, sender, hook_id,
    installation_id, received_at, content_type, body_bytes, body_sha256, topic, partition, record_offset,
    outcome, reason, pull_request, event_ids)
  select id, 'default', 'pull_request', 'opened', n / 4 % 1000, 'acme/site-' || n / 4 % 1000, :first::bigint + n / 4, 'octocat', 1,
    null, now(), 'application/json', 7700, sha256(uuid_send(id)), 'github.deliveries', 0, n, 'APPLIED', null,
    :first::bigint + n / 4, array[id]
  from unnest(:ids::uuid[]) with ordinality as t (id, n)
  on conflict (delivery_id) do update set outcome = excluded.outcome;
insert into pull_request (
    tenant, repository_id, number, version, core, merge, reviews, state, author, head_sha, created_at, ambiguous)
  select 'default', n % 1000, :first::bigint + n, 4, jsonb_build_object('filler', repeat('x', 600)),
    jsonb_build_object('at', now()), '[]', 'MERGED', 'octocat', md5(n::text), now(), false
  from generate_series(0, :batch / 4) n
  on conflict (tenant, repository_id, number) do update set version = excluded.version;
insert into pull_request_event (tenant, repository_id, number, version, event_id, type, actor, at, cause_id)
  select 'default', n / 4 % 1000, :first::bigint + n / 4, 1 + n % 4, id, 'pull_request.updated', 'octocat', now(), id
  from unnest(:ids::uuid[]) with ordinality as t (id, n) on conflict do nothing;
insert into outbox (
    topic, record_key, ce_id, ce_type, ce_source, ce_time, ce_subject, ce_sequence, traceparent, value)
  select 'pull-request.events', n / 4 % 1000 || '#' || n / 4, id, 'pull_request.updated', 'pr-service', now(), 'subject', 1,
    null, decode(repeat('00', 400), 'hex')
  from unnest(:ids::uuid[]) with ordinality as t (id, n);
update stage_position set updated_at = now() where stage_id = 1;
commit;
