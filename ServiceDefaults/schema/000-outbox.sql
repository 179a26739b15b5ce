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

-- Half the work of compressing and reading bodies, where the server was built with it.
do $$
begin
    alter table event alter column body set compression lz4;
exception when feature_not_supported then
    null;
end
$$;

-- What the broker has not confirmed yet. One statement writes event and position, and events are never deleted: no key needs to say so.
create table outbox (
    position bigint not null primary key
);
grant delete on outbox to {app};
