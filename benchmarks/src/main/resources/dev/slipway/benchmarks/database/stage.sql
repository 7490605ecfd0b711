-- The statements of the stage transaction, for rows of the same columns that the server makes itself.
select array_agg(gen_random_uuid() order by n)::text as ids from generate_series(1, :batch) n \gset
begin;
set local role slipway_stage;
select topic, partition, topic_id, next_offset from stage_position
  where stage_id = 1 and (topic, partition) in (select * from unnest(array['github.deliveries'], array[0]))
  order by topic, partition for update;
insert into inbox (stage_id, ce_id, status)
  select 1, id, 'applied'::inbox_status from unnest(:ids::uuid[]) id on conflict do nothing returning ce_id;
select * from delivery where delivery_id = any(:ids::uuid[]) order by delivery_id for update;
insert into delivery (
    delivery_id, tenant, event, action, repository_id, repository_full_name, number, sender, hook_id,
    installation_id, received_at, content_type, body_bytes, body_sha256, topic, partition, record_offset,
    outcome, reason)
  select id, 'default', 'pull_request', 'opened', n % 1000, 'acme/site-' || n % 1000, n, 'octocat', 1, null,
    now(), 'application/json', 7700, sha256(uuid_send(id)), 'github.deliveries', 0, n, 'APPLIED', null
  from unnest(:ids::uuid[]) with ordinality as t (id, n)
  on conflict (delivery_id) do update set outcome = excluded.outcome;
update stage_position set updated_at = now() where stage_id = 1;
commit;
