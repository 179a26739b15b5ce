-- A reminder of one step for one invoice: there can be no second. It is planned with the finding, issued when Delivery has it.
create table notice (
    seller_id       text        not null,
    invoice_id      uuid        not null,
    step            text        not null,
    notice_id       uuid        not null unique,
    planned_at      timestamptz not null,
    next_attempt_at timestamptz not null,
    attempts        integer     not null default 0,
    waits_because   text,
    issued_at       timestamptz,
    transmission_id text,
    primary key (seller_id, invoice_id, step)
);
grant update on notice to {app};
create index notice_to_issue on notice (next_attempt_at) where issued_at is null;

-- Nobody is reminded while a hold stands; who, when and why stay.
create table hold (
    seller_id   text        not null,
    invoice_id  uuid        not null,
    hold_id     uuid        not null,
    reason      text        not null,
    placed_by   uuid        not null,
    placed_at   timestamptz not null,
    released_at timestamptz,
    primary key (seller_id, invoice_id, hold_id)
);
