drop table tally;
