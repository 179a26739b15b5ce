-- One row per invoice that anyone has told of: what it is, and what it adds to sales while it is not cancelled.
create table sale (
    seller_id         text          not null,
    invoice_id        uuid          not null,
    number            text,
    kind              text,
    operation_date    date,
    -- Hour of the sale by the shop's clock; -1 where nobody told.
    hour              smallint      not null default -1,
    store_id          text,
    till_id           text,
    channel           text,
    customer_id       text,
    currency          char(3),
    invoices          bigint        not null default 0,
    total_without_vat numeric(19,4) not null default 0,
    vat_total         numeric(19,4) not null default 0,
    total_with_vat    numeric(19,4) not null default 0,
    returns           numeric(19,4) not null default 0,
    cancelled_at      timestamptz,
    primary key (seller_id, invoice_id)
);
grant update on sale to {app};
create index sale_by_day on sale (seller_id, operation_date) where number is not null;
create index sale_cancelled on sale (seller_id, invoice_id) where cancelled_at is not null;

-- The same by VAT rate; facts, never changed.
create table sale_vat (
    seller_id         text          not null,
    invoice_id        uuid          not null,
    rate              numeric(9,4)  not null,
    invoices          bigint        not null,
    total_without_vat numeric(19,4) not null,
    vat_total         numeric(19,4) not null,
    total_with_vat    numeric(19,4) not null,
    returns           numeric(19,4) not null,
    primary key (seller_id, invoice_id, rate)
);

-- The same by line; facts, never changed.
create table sale_line (
    seller_id      text          not null,
    invoice_id     uuid          not null,
    line           integer       not null,
    operation_date date          not null,
    product        text          not null,
    quantity       numeric(24,9) not null,
    currency       char(3)       not null,
    net_amount     numeric(19,4) not null,
    gross_amount   numeric(19,4) not null,
    primary key (seller_id, invoice_id, line)
);
create index sale_line_by_day on sale_line (seller_id, operation_date);

-- Sums, so that a report reads days and not invoices: they change in the transaction of the invoice that changes them.
create table sales_total (
    seller_id         text          not null,
    operation_date    date          not null,
    hour              smallint      not null,
    store_id          text          not null,
    -- Empty where the sale named none.
    till_id           text          not null,
    currency          char(3)       not null,
    invoices          bigint        not null,
    total_without_vat numeric(19,4) not null,
    vat_total         numeric(19,4) not null,
    total_with_vat    numeric(19,4) not null,
    returns           numeric(19,4) not null,
    primary key (seller_id, operation_date, hour, store_id, till_id, currency)
);
grant update on sales_total to {app};

create table sales_vat_total (
    seller_id         text          not null,
    operation_date    date          not null,
    rate              numeric(9,4)  not null,
    currency          char(3)       not null,
    invoices          bigint        not null,
    total_without_vat numeric(19,4) not null,
    vat_total         numeric(19,4) not null,
    total_with_vat    numeric(19,4) not null,
    returns           numeric(19,4) not null,
    primary key (seller_id, operation_date, rate, currency)
);
grant update on sales_vat_total to {app};

-- How far each service's kept events were read; nobody's in particular.
create table feed_position (
    source   text   not null primary key,
    position bigint not null
);
grant update on feed_position to {app};
