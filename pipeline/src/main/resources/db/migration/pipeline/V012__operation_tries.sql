-- How often an operation could not be made: a lease more is not a try more.
alter table operation add column tries int not null default 0;
