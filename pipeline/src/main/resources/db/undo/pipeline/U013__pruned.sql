drop table pruned;
