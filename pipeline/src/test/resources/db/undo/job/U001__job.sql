drop table job, ticket_news;
