comment on table outbox is
  'Records to be published; written in the stage transaction, marked by the relay, deleted a day after.';
