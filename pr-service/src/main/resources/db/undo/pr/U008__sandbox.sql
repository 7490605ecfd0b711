alter table pull_request drop column head_ref;
alter table repository_name drop column address;
drop table sandbox;
