drop table pull_request_event, workflow_run, pull_request_comment, commit_check, pull_request, repository_name;
drop index delivery_of_number;
alter table delivery drop column event_ids, drop column pull_request;
