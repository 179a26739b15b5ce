-- The tables of 001 are the version's before, which may still run; the next version's script drops them. These follow from kept events, read
-- again from the first.

-- What is kept in months of the day it speaks of. A month is opened when the first row of it comes; a day that nobody sells on is in the rest.
create table sold (
    seller_id         text          not null,
    -- The day of the sale in the store's zone.
    operation_date    date          not null,
    invoice_id        uuid          not null,
    event_id          uuid          not null,
    -- When this service had it.
    known_at          timestamptz   not null,
    number            text          not null,
    sale_ids          text[]        not null,
    kind              text          not null,
    issue_date        date          not null,
    -- Hour of the sale by the shop's clock; -1 where nobody told.
    hour              smallint      not null,
    store_id          text          not null,
    -- Empty where the sale named none.
    till_id           text          not null,
    channel           text          not null,
    customer_id       text          not null,
    currency          char(3)       not null,
    -- One; nothing where it was given in exchange for tickets, which were the sales.
    invoices          bigint        not null,
    return_invoices   bigint        not null,
    total_without_vat numeric(19,4) not null,
    vat_total         numeric(19,4) not null,
    total_with_vat    numeric(19,4) not null,
    returns           numeric(19,4) not null,
    primary key (seller_id, operation_date, invoice_id)
) partition by range (operation_date);
create table sold_rest partition of sold default;
create index sold_by_invoice on sold (seller_id, invoice_id);
create index sold_by_customer_day on sold (seller_id, customer_id, operation_date, invoice_id);
create index sold_known on sold (seller_id, known_at);

-- The same by VAT rate.
create table sold_vat (
    seller_id         text          not null,
    operation_date    date          not null,
    invoice_id        uuid          not null,
    rate              numeric(9,4)  not null,
    currency          char(3)       not null,
    invoices          bigint        not null,
    return_invoices   bigint        not null,
    total_without_vat numeric(19,4) not null,
    vat_total         numeric(19,4) not null,
    total_with_vat    numeric(19,4) not null,
    returns           numeric(19,4) not null,
    primary key (seller_id, operation_date, invoice_id, rate)
) partition by range (operation_date);
create table sold_vat_rest partition of sold_vat default;

-- The same by line. Line 0, of no product, is what belongs to the invoice as a whole, so that its lines sum to it.
create table sold_line (
    seller_id       text          not null,
    operation_date  date          not null,
    invoice_id      uuid          not null,
    line            integer       not null,
    known_at        timestamptz   not null,
    product         text          not null,
    category        text          not null,
    rate            numeric(9,4)  not null,
    quantity        numeric(24,9) not null,
    currency        char(3)       not null,
    net_amount      numeric(19,4) not null,
    gross_amount    numeric(19,4) not null,
    -- One on the first line of each product, so that they count the invoices that it is on.
    invoices        bigint        not null,
    return_invoices bigint        not null,
    primary key (seller_id, operation_date, invoice_id, line)
) partition by range (operation_date);
create table sold_line_rest partition of sold_line default;
create index sold_line_by_product on sold_line (seller_id, product, operation_date, invoice_id);

-- Invoices that should never have been: the sums are without them from when both were known.
create table sold_cancelled (
    seller_id    text        not null,
    invoice_id   uuid        not null,
    event_id     uuid        not null,
    known_at     timestamptz not null,
    cancelled_at timestamptz not null,
    primary key (seller_id, invoice_id)
);
create index sold_cancelled_known on sold_cancelled (seller_id, known_at);

-- Sums, so that a report reads days and months and not invoices. Grain: h hour, d day, m month, y year; day is its first. Of the finest grain
-- the UTC hour (of products the UTC day) that it became known in is part of the key: what was known at an instant is what is known now, less
-- those that came later. On coarser ones it is -infinity.
create table sold_by_till (
    seller_id         text          not null,
    grain             "char"        not null,
    day               date          not null,
    known_in          timestamptz   not null,
    hour              smallint      not null,
    store_id          text          not null,
    till_id           text          not null,
    channel           text          not null,
    currency          char(3)       not null,
    invoices          bigint        not null,
    return_invoices   bigint        not null,
    total_without_vat numeric(19,4) not null,
    vat_total         numeric(19,4) not null,
    total_with_vat    numeric(19,4) not null,
    returns           numeric(19,4) not null,
    primary key (seller_id, grain, day, known_in, hour, store_id, till_id, channel, currency)
) with (fillfactor = 80);
grant update on sold_by_till to {app};
create index sold_by_till_known on sold_by_till (seller_id, known_in, day) where grain = 'h';

create table sold_by_rate (
    seller_id         text          not null,
    grain             "char"        not null,
    day               date          not null,
    known_in          timestamptz   not null,
    rate              numeric(9,4)  not null,
    currency          char(3)       not null,
    invoices          bigint        not null,
    return_invoices   bigint        not null,
    total_without_vat numeric(19,4) not null,
    vat_total         numeric(19,4) not null,
    total_with_vat    numeric(19,4) not null,
    returns           numeric(19,4) not null,
    primary key (seller_id, grain, day, known_in, rate, currency)
) with (fillfactor = 80);
grant update on sold_by_rate to {app};
create index sold_by_rate_known on sold_by_rate (seller_id, known_in, day) where grain = 'd';

create table sold_by_customer (
    seller_id         text          not null,
    grain             "char"        not null,
    day               date          not null,
    known_in          timestamptz   not null,
    customer_id       text          not null,
    currency          char(3)       not null,
    invoices          bigint        not null,
    return_invoices   bigint        not null,
    total_without_vat numeric(19,4) not null,
    vat_total         numeric(19,4) not null,
    total_with_vat    numeric(19,4) not null,
    returns           numeric(19,4) not null,
    primary key (seller_id, grain, day, known_in, customer_id, currency)
) with (fillfactor = 80);
grant update on sold_by_customer to {app};
create index sold_by_customer_known on sold_by_customer (seller_id, known_in, day) where grain = 'd';

create table sold_by_product (
    seller_id         text          not null,
    grain             "char"        not null,
    day               date          not null,
    known_in          timestamptz   not null,
    product           text          not null,
    category          text          not null,
    rate              numeric(9,4)  not null,
    currency          char(3)       not null,
    invoices          bigint        not null,
    return_invoices   bigint        not null,
    total_without_vat numeric(19,4) not null,
    vat_total         numeric(19,4) not null,
    total_with_vat    numeric(19,4) not null,
    returns           numeric(19,4) not null,
    quantity          numeric(24,9) not null,
    returned_quantity numeric(24,9) not null,
    primary key (seller_id, grain, day, known_in, product, category, rate, currency)
) with (fillfactor = 80);
grant update on sold_by_product to {app};
create index sold_by_product_known on sold_by_product (seller_id, known_in, day) where grain = 'd';

-- The seller as last told.
create table seller (
    seller_id             text        not null primary key,
    version               bigint      not null,
    event_id              uuid        not null,
    known_at              timestamptz not null,
    name                  text        not null,
    trade_name            text,
    tax_id                text        not null,
    time_zone             text        not null,
    language              text        not null,
    email                 text,
    environment           text        not null,
    territory             text        not null,
    equivalence_surcharge boolean     not null
);
grant update on seller to {app};

-- When each event became known; a rebuild keeps these instants, so that a past instant's answers outlive it.
create table known_event (
    event_id  uuid        not null primary key,
    seller_id text        not null,
    known_at  timestamptz not null
) partition by range (event_id);
create table known_event_rest partition of known_event default;
insert into monthly (name) values ('known_event');

-- The last instant at which something became known of each seller: they only grow.
create table seller_known (
    seller_id text        not null primary key,
    known_at  timestamptz not null
);
grant update on seller_known to {app};

-- How far each service's kept events were read, of all sellers and of each; and how many of these the bus had not brought.
create table feed (
    source   text   not null primary key,
    position bigint not null
);
grant update on feed to {app};
create table feed_seller (
    source    text   not null,
    seller_id text   not null,
    sequence  bigint not null,
    missed    bigint not null,
    primary key (seller_id, source)
);
grant update on feed_seller to {app};

-- Rebuilds, the last ones told to whoever asks.
create table rebuild (
    rebuild_id  uuid        not null primary key,
    seller_id   text,
    state       text        not null,
    started_at  timestamptz not null,
    finished_at timestamptz,
    events      bigint      not null default 0,
    lines       bigint      not null default 0,
    built_in_ms bigint,
    is_equal    boolean,
    differs     text[]      not null default '{}',
    reason      text
);
grant update on rebuild to {app};

-- Opens the month of a day before its first row comes; true where it is open. A month that has rows in the rest stays there: right, and slower.
create function open_sold_month(day date) returns boolean
language plpgsql security definer set search_path from current set lock_timeout = '2s' as $$
declare
    since date := date_trunc('month', day::timestamp);
    until date := date_trunc('month', day::timestamp) + interval '1 month';
    name  text;
    part  text;
begin
    if day < date '2000-01-01' or day > current_date + 40 then
        return false;
    end if;
    if to_regclass('sold_line' || to_char(since, '_YYYY_MM')) is not null then
        return true;
    end if;
    perform pg_advisory_xact_lock(72657, 0);
    if to_regclass('sold_line' || to_char(since, '_YYYY_MM')) is not null then
        return true;
    end if;
    if exists (select from sold_rest where operation_date >= since and operation_date < until) then
        return false;
    end if;
    foreach name in array array['sold', 'sold_vat', 'sold_line'] loop
        part := name || to_char(since, '_YYYY_MM');
        execute format('create table %I (like %I including all)', part, name);
        execute format('alter table %I attach partition %I for values from (%L) to (%L)', name, part, since, until);
    end loop;
    return true;
exception when lock_not_available then
    -- Somebody reads the rest for long; the next batch tries again.
    return false;
end $$;
