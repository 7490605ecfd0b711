drop table pull_request_reading;
