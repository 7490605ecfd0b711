-- An index takes no key above a third of a page. Names of checks and repositories above 1,024 bytes are keys as
-- ValueCodec.key makes them: their beginning and their digest. Of those that were cut at 1,024 characters (in UTF-16)
-- nobody knows the digest any more: they go, and `slipway replay --force --apply` learns them anew.
delete from commit_check
  where octet_length(name) >= 1024
    and char_length(name) + char_length(regexp_replace(name, '[\u0001-\uFFFF]', '', 'g')) >= 1024;
update commit_check set name = left(name, 200) || '…' || encode(sha256(convert_to(name, 'UTF8')), 'hex')
  where octet_length(name) > 1024;
delete from repository_name
  where octet_length(full_name) >= 1024
    and char_length(full_name) + char_length(regexp_replace(full_name, '[\u0001-\uFFFF]', '', 'g')) >= 1024;
update repository_name
  set full_name = left(full_name, 200) || '…' || encode(sha256(convert_to(full_name, 'UTF8')), 'hex')
  where octet_length(full_name) > 1024;
