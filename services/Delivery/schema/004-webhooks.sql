-- Where a seller's own servers want to be told what happens.
create table webhook (
    seller_id        text        not null,
    webhook_id       text        not null,
    url              text        not null,
    -- Names of exchanges, or *.
    events           text[]      not null,
    -- The signing key, sealed; the one before it signs too for a day.
    secret           bytea       not null,
    old_secret       bytea,
    old_secret_until timestamptz,
    is_enabled       boolean     not null default true,
    disabled_at      timestamptz,
    disabled_reason  text check (disabled_reason in ('gone', 'failing')),
    -- The seller has not been told yet that it is disabled.
    notice_due       boolean     not null default false,
    -- Failures in a row, since when, and until when nothing goes there because of them.
    failures         integer     not null default 0,
    failing_since    timestamptz,
    paused_until     timestamptz,
    last_error       text,
    -- It answers, and late: one at a time.
    is_slow          boolean     not null default false,
    created_at       timestamptz not null,
    changed_at       timestamptz not null,
    primary key (seller_id, webhook_id)
);
create index webhook_notice on webhook (disabled_at) where notice_due;
grant update, delete on webhook to {app};

-- An event that some webhook wants, byte for byte, for as long as its deliveries are kept.
create table webhook_event (
    seller_id    text        not null,
    event_id     uuid        not null,
    name         text        not null,
    body         bytea       not null,
    -- Whose personal data the body holds, so that an erasure finds it.
    customer_id  text,
    trace_parent text,
    told_at      timestamptz not null,
    primary key (seller_id, event_id)
);
create index webhook_event_told on webhook_event (told_at);
grant update, delete on webhook_event to {app};

-- An event on its way to one webhook. Once: the key absorbs every further delivery of the event.
create table webhook_delivery (
    seller_id        text        not null,
    event_id         uuid        not null,
    webhook_id       text        not null,
    name             text        not null,
    status           text        not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
    -- Since it was last asked for.
    attempts         integer     not null default 0,
    first_attempt_at timestamptz,
    redeliveries     integer     not null default 0,
    -- When to try (again); while a sender holds it, when its hold ends.
    due_at           timestamptz not null,
    -- The sender that holds it.
    hold             uuid,
    -- The last thirty attempts, the newest last.
    history          jsonb       not null default '[]',
    created_at       timestamptz not null,
    ended_at         timestamptz,
    primary key (seller_id, event_id, webhook_id)
);
create index webhook_delivery_due on webhook_delivery (seller_id, webhook_id, due_at) where status = 'pending';
create index webhook_delivery_held on webhook_delivery (seller_id, webhook_id) where hold is not null;
create index webhook_delivery_listed on webhook_delivery (seller_id, webhook_id, created_at desc, event_id desc);
create index webhook_delivery_old on webhook_delivery (created_at);
grant update, delete on webhook_delivery to {app};
