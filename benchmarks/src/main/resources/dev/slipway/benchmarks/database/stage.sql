-- The stage transaction: its statements, in as many flights, for the rows that it writes for the deliveries n, n + 1, …,
-- sixteen in the life of a pull request, the server making them up. DatabaseBenchmark compares the rows.
\if :n = 0
-- numbers of whole pull requests that no other run has, and what a batch adds to them: an array, as the stage binds them
select 16000 * (extract(epoch from clock_timestamp()) * 10)::bigint as n, array_agg(k)::text as ks
  from generate_series(0, :batch - 1) k \gset
\set first :n
\endif
\startpipeline
begin;
select clock_timestamp();
select topic, partition, topic_id, leader_epoch, next_offset from stage_position
  where stage_id = 1 and (topic, partition) in (select * from unnest(array['github.deliveries'], array[0]))
  order by topic, partition for update;
insert into inbox (stage_id, ce_id, status)
  select 1, k.id, 'applied'::inbox_status
  from (select md5('delivery' || n)::uuid as id from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n) k
  join stage_position p on p.stage_id = 1 and p.topic = 'github.deliveries' and p.partition = 0
  order by k.id on conflict do nothing returning ce_id;
\endpipeline
\startpipeline
insert into repository (tenant, repository_id)
  select distinct 'default', n / 16 % 1000 from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n order by 2
  on conflict do nothing;
select count(*) as locked from (
  select r.tenant from repository r
  join (select distinct 'default' as tenant, n / 16 % 1000 as repository_id
    from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n) k using (tenant, repository_id)
  order by r.tenant, r.repository_id for update of r) as locks;
select t.* from repository_name t
  join (select distinct 'default' as tenant, n / 16 % 1000 as repository_id
    from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n) k using (tenant, repository_id);
select t.* from pull_request t
  join (select distinct 'default' as tenant, n / 16 % 1000 as repository_id, n / 16 as number
    from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n where n % 16 in (0, 10, 11, 12, 13, 14)) k
  using (tenant, repository_id, number)
union all
select t.* from pull_request t
  join (select distinct 'default' as tenant, n / 16 % 1000 as repository_id, lpad(to_hex(n / 16 * 2), 40, '0') as head_sha
    from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n where n % 16 in (3, 5, 8)) k
  using (tenant, repository_id, head_sha);
select t.* from commit_check t
  join (
    select distinct 'default' as tenant, n / 16 % 1000 as repository_id,
      lpad(to_hex(n / 16 * 2 + case when n % 16 < 13 then 0 else 1 end), 40, '0') as sha
    from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n where n % 16 in (0, 3, 5, 8, 10, 12, 13, 14)
    union
    select p.tenant, p.repository_id, p.head_sha from pull_request p
    join (select distinct 'default' as tenant, n / 16 % 1000 as repository_id, n / 16 as number
      from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n where n % 16 in (0, 10, 11, 12, 13, 14)) k
    using (tenant, repository_id, number)
    where p.head_sha is not null) c using (tenant, repository_id, sha);
select t.* from pull_request_comment t
  join (select 'default' as tenant, n / 16 % 1000 as repository_id, 'ISSUE' as kind, n / 16 as comment_id
    from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n where n % 16 = 9) k using (tenant, repository_id, kind, comment_id);
select t.* from workflow_run t
  join (select distinct 'default' as tenant, n / 16 % 1000 as repository_id, n / 16 as run_id
    from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n where n % 16 in (2, 4, 6)) k using (tenant, repository_id, run_id);
select k.tenant, k.repository_id, k.number, e.owner as sandbox_owner, true as is_exact
  from (
    select distinct 'default' as tenant, n / 16 % 1000 as repository_id, n / 16 as number
    from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n where n % 16 in (0, 10, 11, 12, 13, 14)
    union
    select p.tenant, p.repository_id, p.number from pull_request p
    join (select distinct 'default' as tenant, n / 16 % 1000 as repository_id, lpad(to_hex(n / 16 * 2), 40, '0') as head_sha
      from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n where n % 16 in (3, 5, 8)) k
    using (tenant, repository_id, head_sha)) k
  cross join lateral (
    select s.sandbox_id, (s.state->'owner')::text as owner from sandbox s
    where s.tenant = k.tenant and s.pull_request_repository_id = k.repository_id and s.pull_request_number = k.number
    order by s.ended, s.requested_at desc, s.sandbox_id desc limit 1) e
union all
(select distinct on (a.tenant, a.repository_id) a.tenant, a.repository_id, null, (s.state->'owner')::text, false
  from (
    select n.tenant, n.repository_id, n.address from repository_name n
    join (select distinct 'default' as tenant, n / 16 % 1000 as repository_id
      from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n) k using (tenant, repository_id)
    union
    select distinct 'default', n / 16 % 1000, 'https://github.test/acme/site-' || n / 16 % 1000
    from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n) a
  join sandbox s on s.tenant = a.tenant and s.repository = a.address and not s.ended
  order by a.tenant, a.repository_id, s.requested_at desc, s.sandbox_id desc);
select d.* from delivery d
  join (select 'default' as tenant, md5('delivery' || n)::uuid as delivery_id
    from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n) k using (tenant, delivery_id);
\endpipeline
\startpipeline
\if :n < :first + 16000
insert into repository_name (tenant, repository_id, full_name, url, seen_at)
  select distinct 'default', n / 16 % 1000, 'acme/site-' || n / 16 % 1000,
    'https://github.test/acme/site-' || n / 16 % 1000, timestamptz '2026-01-01T00:00:00Z'
  from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n on conflict do nothing;
\endif
insert into pull_request (
    tenant, repository_id, number, version, core, merge, reviews, state, author, head_sha, created_at, ambiguous)
  select 'default', n / 16 % 1000, n / 16, 10,
    ('{"key": {"read_at": "1970-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:14Z"}, "least": ' || standing
      || ', "details": {"url": "https://github.test/acme/site-0/pull/0", "title": "Change 2", "author": "octocat", '
      || '"labels": ["bug"], "node_id": "PR_0", "base_sha": "0000000000000000000000000000000000000000", '
      || '"head_ref": "topic", "closed_at": "2026-01-01T00:00:14Z", "github_id": 0, '
      || '"created_at": "2026-01-01T00:00:00Z", "head_repository_id": 0}, "greatest": ' || standing || '}')::jsonb,
    case when max(n % 16) = 14 then
      '{"at": "2026-01-01T00:00:14Z", "commit_sha": "0000000000000000000000000000000000000001"}'::jsonb end,
    ('[{"id": 0, "sha": "0000000000000000000000000000000000000000", "state": "APPROVED", "author": "hubot", '
      || '"author_id": 7, "submitted_at": "2026-01-01T00:00:11Z"}]')::jsonb,
    case when max(n % 16) = 14 then 'MERGED' else 'OPEN' end, 'octocat',
    lpad(to_hex(n / 16 * 2 + case when max(n % 16) < 13 then 0 else 1 end), 40, '0'),
    timestamptz '2026-01-01T00:00:00Z', false
  from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n,
    (select '{"draft": false, "state": "CLOSED", "base_ref": "main", "head_sha": '
      || '"0000000000000000000000000000000000000001", "contradictory": false}' as standing) s
  where n % 16 in (0, 3, 5, 8, 10, 11, 12, 13, 14) group by n / 16, standing
  on conflict (tenant, repository_id, number) do update set
    version = excluded.version, core = excluded.core, merge = excluded.merge, reviews = excluded.reviews,
    state = excluded.state, author = excluded.author, head_sha = excluded.head_sha,
    created_at = excluded.created_at, ambiguous = excluded.ambiguous;
insert into commit_check (tenant, repository_id, sha, kind, app_id, name, run_id, result, ended_at)
  select 'default', n / 16 % 1000, lpad(to_hex(n / 16 * 2), 40, '0'),
    case when n % 16 = 8 then 'STATUS' else 'CHECK_RUN' end, case when n % 16 = 8 then 0 else 15368 end,
    case when n % 16 = 8 then 'lint' else 'build' end, n / 16, case when max(n % 16) = 3 then 'PENDING' else 'SUCCEEDED' end,
    case when max(n % 16) <> 3 then now() end
  from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n where n % 16 in (3, 5, 8) group by n / 16, n % 16 = 8
  on conflict (tenant, repository_id, sha, kind, app_id, name) do update set
    run_id = excluded.run_id, result = excluded.result, ended_at = excluded.ended_at;
insert into pull_request_comment (tenant, repository_id, kind, comment_id, number, deleted, updated_at, author)
  select 'default', n / 16 % 1000, 'ISSUE', n / 16, n / 16, false, now(), 'hubot'
  from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n where n % 16 = 9
  on conflict (tenant, repository_id, kind, comment_id) do update set updated_at = excluded.updated_at;
insert into workflow_run (tenant, repository_id, run_id, attempt, result, updated_at, head_sha)
  select 'default', n / 16 % 1000, n / 16, 1, case when max(n % 16) = 6 then 'SUCCEEDED' else 'PENDING' end, now(),
    lpad(to_hex(n / 16 * 2), 40, '0')
  from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n where n % 16 in (2, 4, 6) group by n / 16
  on conflict (tenant, repository_id, run_id) do update set
    attempt = excluded.attempt, result = excluded.result, updated_at = excluded.updated_at, head_sha = excluded.head_sha;
insert into pull_request_event (
    tenant, repository_id, number, version, event_id, type, actor, at, cause_id, delivery_id)
  select 'default', n / 16 % 1000, n / 16, n % 16 * 2 + e, md5('event' || n || '/' || e)::uuid, 'pull_request.updated',
    'octocat', now(), md5('delivery' || n)::uuid, md5('delivery' || n)::uuid
  from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n, generate_series(0, case n % 16 when 13 then 1 else 0 end) e
  where n % 16 in (0, 3, 5, 8, 10, 11, 12, 13, 14);
insert into delivery (
    tenant, delivery_id, event, action, repository_id, repository_full_name, number, sender, hook_id,
    installation_id, received_at, content_type, body_bytes, body_sha256, topic, partition, record_offset,
    outcome, reason, pull_request, event_ids)
  select 'default', md5('delivery' || n)::uuid, 'pull_request', 'opened', n / 16 % 1000, 'acme/site-' || n / 16 % 1000,
    case when n % 16 in (0, 9, 10, 11, 12, 13, 14) then n / 16 end, 'octocat', 1, null, now(), 'application/json', 7700,
    sha256(convert_to(n::text, 'UTF8')), 'github.deliveries', 0, n, 'APPLIED', null, n / 16,
    case when n % 16 = 13 then array[md5('event' || n || '/0')::uuid, md5('event' || n || '/1')::uuid]
      when n % 16 in (0, 3, 5, 8, 10, 11, 12, 14) then array[md5('event' || n || '/0')::uuid] else '{}' end
  from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n
  on conflict (tenant, delivery_id) do update set outcome = excluded.outcome;
insert into outbox (
    topic, tenant, record_key, ce_id, ce_type, ce_source, ce_time, ce_subject, ce_sequence, traceparent, value)
  select 'pull-request.events', 'default', n / 16 % 1000 || '#' || n / 16, md5('event' || n || '/' || e)::uuid,
    'pull_request.updated', 'pr-service', now(), n / 16 % 1000 || '#' || n / 16, n % 16 * 2 + e, null,
    decode(repeat('00', 337), 'hex')
  from (select :n::bigint + k as n from unnest(:ks::bigint[]) k) n, generate_series(0, case n % 16 when 13 then 1 else 0 end) e
  where n % 16 in (0, 3, 5, 8, 10, 11, 12, 13, 14)
  order by n, e;
-- the offset stays where the stage, whose turn comes again, has left it
update stage_position set
    next_offset = next_offset, seen = seen + :batch, applied = applied + :batch, updated_at = now()
  where stage_id = 1 and topic = 'github.deliveries' and partition = 0;
\endpipeline
commit;
\set n :n + :batch
