alter table operation drop column tries;
