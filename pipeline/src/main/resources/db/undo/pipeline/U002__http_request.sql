drop table http_request;
