-- A look-up as a request makes it, in the role and for the tenant of its caller; of a random id the next one.
begin;
select set_config('role', 'slipway_api', true), set_config('slipway.tenant', 'default', true);
select * from delivery where delivery_id >= (select gen_random_uuid()) order by delivery_id limit 1;
commit;
