-- A delivery is one row for each tenant that heard of it: two hooks, or somebody who makes one up, may share a GUID.
-- Builds before this one cannot write to the table any more: stop them first.
alter table delivery drop constraint delivery_pkey, add primary key (tenant, delivery_id);

-- What an event follows from is a record, and a record's id is that of its delivery for tenant default alone.
alter table pull_request_event add column delivery_id uuid;
comment on column pull_request_event.delivery_id is
  'The delivery that it follows from; null when it follows from an answer of the API.';

-- Every record before this migration has its delivery's id; one after it, met again after a way back, is known by what
-- its delivery led to.
update pull_request_event e set delivery_id = d.delivery_id
  from delivery d where d.tenant = e.tenant and d.delivery_id = e.cause_id;
update pull_request_event e set delivery_id = d.delivery_id
  from (select tenant, delivery_id, unnest(event_ids) as event_id from delivery) d
  where d.tenant = e.tenant and d.event_id = e.event_id and e.delivery_id is null;
