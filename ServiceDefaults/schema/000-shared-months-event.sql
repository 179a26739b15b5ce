-- Events by the month they were made in. A seller's sequence is unique because its row in event_sequence is locked from the writing to the
-- commit; an index over all months could not be parted.
alter table event rename to event_before;
alter table event_before rename constraint event_pkey to event_before_pkey;
create sequence event_position;
grant usage on sequence event_position to {app};
create table event (
    seller_id    text        not null,
    sequence     bigint      not null,
    position     bigint      not null default nextval('event_position'),
    event_id     uuid        not null primary key,
    name         text        not null,
    body         text        not null,
    -- Whose personal data the body holds, so that an erasure finds it.
    customer_id  text,
    trace_parent text,
    occurred_at  timestamptz not null
) partition by range (event_id);
alter sequence event_position owned by event.position;
create index event_by_sequence on event (seller_id, sequence);
create index event_by_position on event (position);
do $$
begin
    alter table event alter column body set compression lz4;
exception when feature_not_supported then
    null;
end $$;
create table event_rest partition of event default;
insert into monthly (name, options) values ('event', 'with (toast_tuple_target = 3584)');

select keep_month('event', month::date)
from generate_series(
    date_trunc('month', (select min(occurred_at) from event_before) at time zone 'UTC'),
    date_trunc('month', (select max(occurred_at) from event_before) at time zone 'UTC'),
    interval '1 month') month;
insert into event (seller_id, sequence, position, event_id, name, body, customer_id, trace_parent, occurred_at)
select seller_id, sequence, position, event_id, name, body, customer_id, trace_parent, occurred_at from event_before order by position;
select setval('event_position', max(position)) from event;

-- What waits is found in its month.
alter table outbox add column event_id uuid;
update outbox o set event_id = e.event_id from event_before e where e.position = o.position;
alter table outbox alter column event_id set not null;
drop table event_before;
