-- Of a delivery that several tenants heard of, the row of the one that heard of it first stays, as it would have then:
-- the others' are lost to them until this migration is there again and `slipway replay --force --apply` has run.
delete from delivery d using delivery earlier
  where earlier.delivery_id = d.delivery_id
    and (earlier.received_at, earlier.tenant) < (d.received_at, d.tenant);
alter table delivery drop constraint delivery_pkey, add primary key (delivery_id);
alter table pull_request_event drop column delivery_id;
