-- Nothing to take back: which value a sequence gives next is no part of the schema.
select 1;
