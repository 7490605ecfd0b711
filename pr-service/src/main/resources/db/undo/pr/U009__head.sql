drop table head;
