revoke select, update, delete on dead_letter from slipway_api;
drop policy dead_letter_operator on dead_letter;
alter table dead_letter drop column headers, drop column value_bytes, drop column letter_no;
