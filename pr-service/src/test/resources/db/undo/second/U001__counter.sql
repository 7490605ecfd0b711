drop table counter;
