drop table repository;
