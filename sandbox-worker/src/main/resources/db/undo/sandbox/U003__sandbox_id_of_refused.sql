drop index sandbox_by_id;
drop index sandbox_id_unique;
-- The events of sandbox.events still say what was refused: after another migration, rebuild.
delete from sandbox refused where status = 'NONE'
  and exists (select from sandbox other where other.sandbox_id = refused.sandbox_id and other.tenant <> refused.tenant
    and (other.status <> 'NONE' or other.tenant < refused.tenant));
alter table sandbox add constraint sandbox_id_unique unique (sandbox_id);
