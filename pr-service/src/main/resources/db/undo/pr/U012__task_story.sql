drop table task_event;
drop index task_of_head;
alter table task drop column branch, drop column sandbox_id, drop column user_id, drop column session_id;
