-- The sellers as last told: language and accent of their mails and documents.
create table seller (
    seller_id text   not null primary key,
    version   bigint not null,
    body      text   not null
);
grant update on seller to {app};

-- One message to one recipient for one purpose. Once: the unique key absorbs every further delivery of the event that asked for it.
create table transmission (
    seller_id          text        not null,
    transmission_id    uuid        not null,
    invoice_id         uuid,
    purpose            text        not null check (purpose in ('invoice', 'reminder', 'sign-in')),
    -- What asked for it: '' for the invoice itself, a notice's or sign-in's key, resend-1, resend-2 …
    occasion           text        not null default '',
    -- Personal data; an erasure overwrites it.
    recipient          text        not null,
    channel            text        not null default 'email',
    status             text        not null default 'queued' check (status in ('queued', 'sent', 'failed')),
    -- People wait for a sign-in link; nobody waits for the thousandth invoice of a replay.
    urgency            smallint    not null default 1,
    -- Hand-overs to the server, and how often it was put off since the last one.
    attempts           integer     not null default 0,
    put_off            integer     not null default 0,
    -- When to try (again); while a sender holds it, when its hold ends.
    due_at             timestamptz not null,
    -- The sender that holds or held it last.
    hold               uuid,
    -- Set from just before the server may accept it until the outcome is recorded: found set, the mail may have gone out already.
    handed_over_at     timestamptz,
    possible_duplicate boolean     not null default false,
    last_error         text,
    trace_parent       text,
    created_at         timestamptz not null,
    ended_at           timestamptz,
    primary key (seller_id, transmission_id),
    constraint transmission_once unique nulls not distinct (seller_id, invoice_id, purpose, occasion, recipient)
);
create index transmission_due on transmission (urgency, due_at) where status = 'queued';
create index transmission_listed on transmission (seller_id, created_at desc, transmission_id desc);
grant update on transmission to {app};

-- What a message says, kept only until it is sent or given up: personal data and sign-in links live nowhere else here.
create table transmission_content (
    seller_id       text not null,
    transmission_id uuid not null,
    -- Whose personal data it is, so that an erasure finds it.
    customer_id     text,
    body            text not null,
    primary key (seller_id, transmission_id),
    foreign key (seller_id, transmission_id) references transmission
);
grant update, delete on transmission_content to {app};

-- Every hand-over to the mail server, with its end; one without an end died between the two.
create table attempt (
    seller_id       text        not null,
    transmission_id uuid        not null,
    number          integer     not null,
    started_at      timestamptz not null,
    ended_at        timestamptz,
    outcome         text check (outcome in ('accepted', 'deferred', 'refused', 'unknown')),
    detail          text,
    primary key (seller_id, transmission_id, number),
    foreign key (seller_id, transmission_id) references transmission
);
grant update on attempt to {app};
