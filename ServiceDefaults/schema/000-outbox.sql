-- What this service has told, byte for byte and for ever, counted per seller, so that it can be told again.
create table event (
    seller_id    text        not null,
    sequence     bigint      not null,
    position     bigint      generated always as identity unique,
    event_id     uuid        not null unique,
    name         text        not null,
    body         text        not null,
    -- Whose personal data the body holds, so that an erasure finds it.
    customer_id  text,
    trace_parent text,
    occurred_at  timestamptz not null,
    primary key (seller_id, sequence)
);

-- The last sequence of each seller; its row lock keeps a seller's events in the order of their commits.
create table event_sequence (
    seller_id text   not null primary key,
    last      bigint not null
);
grant update on event_sequence to {app};

-- What the broker has not confirmed yet.
create table outbox (
    position bigint not null primary key references event (position)
);
grant delete on outbox to {app};
