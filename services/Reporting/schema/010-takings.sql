-- What was told of invoices, payments and the seller's money, each once and never changed: what it adds up to follows from it, in whatever
-- order it was told. An invoice's facts lie together, and so do a payment's; in months, by the id of what they are told of.
create table taking_fact (
    seller_id text          not null,
    -- The invoice or the payment; of a payout or a bank's charge, its event.
    subject   uuid          not null,
    event_id  uuid          not null,
    -- When this service had it.
    known_at  timestamptz   not null,
    kind      text          not null,
    at        timestamptz   not null,
    -- The issue date of an invoice; of all else the day in the seller's zone.
    day       date          not null,
    currency  char(3)       not null,
    amount    numeric(19,4) not null,
    -- Paid with the sale; kept of a promise; kept of a payout.
    part      numeric(19,4) not null,
    -- The due date, or the day promised.
    date      date,
    means     text          not null,
    provider  text          not null,
    payment   uuid,
    version   bigint        not null,
    primary key (seller_id, subject, event_id)
) partition by range (subject);
create table taking_fact_rest partition of taking_fact default;
insert into monthly (name) values ('taking_fact');

-- What the facts of one batch changed, each sum once: what was known at an instant within an hour is read here.
create table taking_change (
    seller_id text          not null,
    -- Of version 7, of the millisecond of known_at.
    change_id uuid          not null,
    known_at  timestamptz   not null,
    kind      text          not null,
    day       date          not null,
    due       date          not null,
    means     text          not null,
    provider  text          not null,
    currency  char(3)       not null,
    amount    numeric(19,4) not null,
    count     bigint        not null,
    primary key (seller_id, change_id)
) partition by range (change_id);
create table taking_change_rest partition of taking_change default;
insert into monthly (name) values ('taking_change');

-- What a rebuild has added up so far; empty at all other times.
create unlogged table taking_made (
    seller_id text          not null,
    known_at  timestamptz   not null,
    kind      text          not null,
    day       date          not null,
    due       date          not null,
    means     text          not null,
    provider  text          not null,
    currency  char(3)       not null,
    amount    numeric(19,4) not null,
    count     bigint        not null
);
grant delete on taking_made to {app};

-- The sums by all that is known now.
create table taking_sum (
    seller_id text          not null,
    kind      text          not null,
    day       date          not null,
    -- The due date, of what is owed; 1970-01-01 of all else.
    due       date          not null,
    means     text          not null,
    provider  text          not null,
    currency  char(3)       not null,
    amount    numeric(19,4) not null,
    count     bigint        not null,
    primary key (seller_id, kind, day, due, means, provider, currency)
);
grant update on taking_sum to {app};

-- The same by the hour of UTC in which it became known: what was known before an hour is a sum of these.
create table taking_hour (
    seller_id  text          not null,
    kind       text          not null,
    day        date          not null,
    known_hour timestamptz   not null,
    due        date          not null,
    means      text          not null,
    provider   text          not null,
    currency   char(3)       not null,
    amount     numeric(19,4) not null,
    count      bigint        not null,
    primary key (seller_id, kind, day, known_hour, due, means, provider, currency)
);
grant update on taking_hour to {app};

-- What is owed now by when it is due: what was owed on a day is this less what changed since.
create table taking_due (
    seller_id text          not null,
    due       date          not null,
    currency  char(3)       not null,
    amount    numeric(19,4) not null,
    count     bigint        not null,
    primary key (seller_id, due, currency)
);
grant update on taking_due to {app};

-- Invoices that were ever open at the end of a day, by when they are due: those that an amount of the ageing is made of.
create table debt (
    seller_id   text          not null,
    invoice_id  uuid          not null,
    number      text          not null,
    -- Empty where the seller named none.
    customer_id text          not null,
    currency    char(3)       not null,
    due_date    date          not null,
    -- What is open by all that is known.
    amount_due  numeric(19,4) not null,
    primary key (seller_id, invoice_id)
);
grant update on debt to {app};
create index debt_by_due_date on debt (seller_id, due_date, invoice_id);
create index debt_open on debt (seller_id, due_date, invoice_id) where amount_due <> 0;

-- What Collections expected to come in, once a day and currency.
create table forecast (
    seller_id text        not null,
    event_id  uuid        not null,
    known_at  timestamptz not null,
    as_of     date        not null,
    currency  char(3)     not null,
    made_at   timestamptz not null,
    primary key (seller_id, event_id)
);
create index forecast_by_day on forecast (seller_id, currency, as_of, made_at);

create table forecast_day (
    seller_id text          not null,
    event_id  uuid          not null,
    date      date          not null,
    amount    numeric(19,4) not null,
    -- Absent where the forecast told no interval.
    low       numeric(19,4),
    high      numeric(19,4),
    primary key (seller_id, event_id, date)
);
