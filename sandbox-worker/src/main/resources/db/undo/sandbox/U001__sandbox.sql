drop table sandbox;
