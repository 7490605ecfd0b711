create table order_effect (order_id uuid primary key);
comment on table order_effect is 'What a request did; a second time would break the key.';
grant insert on order_effect to slipway_api;
