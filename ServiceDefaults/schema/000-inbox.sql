-- What each consumer has done, so that a redelivery does nothing.
create table inbox (
    consumer    text        not null,
    event_id    uuid        not null,
    received_at timestamptz not null default now(),
    primary key (consumer, event_id)
);
grant delete on inbox to {app};
