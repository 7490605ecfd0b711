drop table github_budget;
