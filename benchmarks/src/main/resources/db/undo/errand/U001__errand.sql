drop table errand;
