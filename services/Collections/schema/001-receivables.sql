-- What the bus has told of each seller: its day begins at midnight of its zone.
create table seller (
    seller_id text   not null primary key,
    version   bigint not null,
    name      text   not null,
    time_zone text   not null,
    language  text   not null
);
grant update on seller to {app};

-- One row per invoice that anyone has told of. The facts come in any order; amount_due and what stands below it follow from them.
create table receivable (
    seller_id         text          not null,
    invoice_id        uuid          not null,
    -- Invoicing told.
    number            text,
    customer_id       text,
    customer_name     text,
    email             text,
    language          text,
    currency          char(3),
    total_with_vat    numeric(19,4),
    issued_due        numeric(19,4),
    due_date          date,
    payment_reference text,
    cancelled_at      timestamptz,
    -- Payments told; the latest version is what is due.
    balance_version   bigint        not null default 0,
    balance_due       numeric(19,4),
    balance_at        timestamptz,
    paid_at           timestamptz,
    -- What follows.
    amount_due        numeric(19,4) not null default 0,
    opened_at         timestamptz,
    settled_at        timestamptz,
    overdue_at        timestamptz,
    primary key (seller_id, invoice_id)
);
grant update on receivable to {app};
create index receivable_by_due_date on receivable (seller_id, due_date, invoice_id) where opened_at is not null;
create index receivable_not_yet_overdue on receivable (seller_id, due_date)
    where opened_at is not null and settled_at is null and overdue_at is null;
