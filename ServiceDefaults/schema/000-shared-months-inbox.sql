-- What was done, by the month of the event.
alter table inbox rename to inbox_before;
alter table inbox_before rename constraint inbox_pkey to inbox_before_pkey;
create table inbox (
    consumer    text        not null,
    event_id    uuid        not null,
    received_at timestamptz not null default now(),
    primary key (consumer, event_id)
) partition by range (event_id);
create table inbox_rest partition of inbox default;
insert into monthly (name) values ('inbox');
grant delete on inbox to {app};

select keep_month('inbox', month::date)
from generate_series(
    date_trunc('month', (select min(received_at) from inbox_before) at time zone 'UTC'),
    date_trunc('month', (select max(received_at) from inbox_before) at time zone 'UTC'),
    interval '1 month') month;
insert into inbox (consumer, event_id, received_at) select consumer, event_id, received_at from inbox_before;
drop table inbox_before;
