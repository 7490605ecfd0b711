-- The statements of the stage transaction, for rows of the same columns that the server makes itself: sixteen deliveries
-- a pull request, ten of them with an event, with two checks, a run of a workflow and a comment.
select array_agg(gen_random_uuid() order by n)::text as ids, (random() * 1000000000000)::bigint as first
  from generate_series(1, :batch) n \gset
begin;
set local role slipway_stage;
select topic, partition, topic_id, next_offset from stage_position
  where stage_id = 1 and (topic, partition) in (select * from unnest(array['github.deliveries'], array[0]))
  order by topic, partition for update;
insert into inbox (stage_id, ce_id, status)
  select 1, id, 'applied'::inbox_status from unnest(:ids::uuid[]) id on conflict do nothing returning ce_id;
insert into repository (tenant, repository_id)
  select 'default', n from generate_series(0, (:batch - 1) / 16) n on conflict do nothing;
select r.repository_id from repository r
  join (select 'default' as tenant, n::bigint as repository_id from generate_series(0, (:batch - 1) / 16) n) k
  using (tenant, repository_id)
  order by r.tenant, r.repository_id for update of r;
select t.* from repository_name t
  join (select 'default' as tenant, n::bigint as repository_id from generate_series(0, (:batch - 1) / 16) n) k
  using (tenant, repository_id);
select t.* from pull_request t
  join (select 'default' as tenant, n::bigint as repository_id, :first::bigint + n as number
    from generate_series(0, (:batch - 1) / 16) n) k using (tenant, repository_id, number);
select t.* from commit_check t
  join (select 'default' as tenant, n::bigint as repository_id, md5((:first::bigint + n)::text) as sha
    from generate_series(0, (:batch - 1) / 16) n) k using (tenant, repository_id, sha);
select t.* from pull_request_comment t
  join (select 'default' as tenant, n::bigint as repository_id, 'ISSUE' as kind, :first::bigint + n as comment_id
    from generate_series(0, (:batch - 1) / 16) n) k using (tenant, repository_id, kind, comment_id);
select t.* from workflow_run t
  join (select 'default' as tenant, n::bigint as repository_id, :first::bigint + n as run_id
    from generate_series(0, (:batch - 1) / 16) n) k using (tenant, repository_id, run_id);
select d.* from delivery d
  join (select 'default' as tenant, unnest(:ids::uuid[]) as delivery_id) k using (tenant, delivery_id);
insert into delivery (
    delivery_id, tenant, event, action, repository_id, repository_full_name, number, sender, hook_id,
    installation_id, received_at, content_type, body_bytes, body_sha256, topic, partition, record_offset,
    outcome, reason, pull_request, event_ids)
  select id, 'default', 'pull_request', 'opened', n / 16, 'acme/site-' || n / 16,
    case when n % 16 < 8 then :first::bigint + n / 16 end, 'octocat', 1, null, now(), 'application/json', 7700,
    sha256(uuid_send(id)), 'github.deliveries', 0, n, 'APPLIED', null, :first::bigint + n / 16,
    case when n % 16 < 10 then array[id] else '{}' end
  from unnest(:ids::uuid[]) with ordinality as t (id, n)
  on conflict (tenant, delivery_id) do update set outcome = excluded.outcome;
insert into pull_request (
    tenant, repository_id, number, version, core, merge, reviews, state, author, head_sha, created_at, ambiguous)
  select 'default', n, :first::bigint + n, 10, jsonb_build_object('filler', repeat('x', 600)),
    jsonb_build_object('at', now()), jsonb_build_array(jsonb_build_object('filler', repeat('x', 100))), 'MERGED',
    'octocat', md5((:first::bigint + n)::text), now(), false
  from generate_series(0, (:batch - 1) / 16) n
  on conflict (tenant, repository_id, number) do update set version = excluded.version;
insert into commit_check (tenant, repository_id, sha, kind, app_id, name, run_id, result, ended_at)
  select 'default', n / 2, md5((:first::bigint + n / 2)::text), 'CHECK_RUN', n % 2, 'build', n, 'SUCCEEDED', now()
  from generate_series(0, (:batch - 1) / 8) n
  on conflict (tenant, repository_id, sha, kind, app_id, name) do update set result = excluded.result;
insert into pull_request_comment (tenant, repository_id, kind, comment_id, number, deleted, updated_at, author)
  select 'default', n, 'ISSUE', :first::bigint + n, :first::bigint + n, false, now(), 'hubot'
  from generate_series(0, (:batch - 1) / 16) n
  on conflict (tenant, repository_id, kind, comment_id) do update set updated_at = excluded.updated_at;
insert into workflow_run (tenant, repository_id, run_id, attempt, result, updated_at, head_sha)
  select 'default', n, :first::bigint + n, 1, 'SUCCEEDED', now(), md5(n::text)
  from generate_series(0, (:batch - 1) / 16) n
  on conflict (tenant, repository_id, run_id) do update set updated_at = excluded.updated_at;
insert into pull_request_event (
    tenant, repository_id, number, version, event_id, type, actor, at, cause_id, delivery_id)
  select 'default', n / 16, :first::bigint + n / 16, n % 16, id, 'pull_request.updated', 'octocat', now(), id, id
  from unnest(:ids::uuid[]) with ordinality as t (id, n) where n % 16 < 10 on conflict do nothing;
insert into outbox (
    topic, tenant, record_key, ce_id, ce_type, ce_source, ce_time, ce_subject, ce_sequence, traceparent, value)
  select 'pull-request.events', 'default', n / 16 || '#' || n / 16, id, 'pull_request.updated', 'pr-service', now(), 'subject', 1,
    null, decode(repeat('00', 400), 'hex')
  from unnest(:ids::uuid[]) with ordinality as t (id, n) where n % 16 < 10;
update stage_position set updated_at = now() where stage_id = 1;
commit;
