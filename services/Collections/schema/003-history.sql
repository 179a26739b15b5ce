-- What Invoicing tells of a buyer beyond the amount: consumers and businesses are treated apart, hours are those of the customer's place.
alter table receivable
    add column business         boolean,
    add column store_id         text,
    -- ISO 3166-1, with the province's two digits of the postal code in Spain (ES-28, ES-35) and the state in the US (US-NY).
    add column place            text,
    add column phone            text,
    add column issue_date       date,
    add column issued_at        timestamptz,
    -- Why the balance became what it is; absent where money or credit came in the usual way.
    add column balance_cause    text,
    -- The first day of its being overdue in the seller's zone.
    add column first_overdue_on date generated always as (due_date + 1) stored,
    -- Whose it is: the seller's own name for the customer, else the address, else nobody's but this invoice's.
    add column customer_key     text generated always as
        (coalesce(customer_id, 'mail:' || lower(nullif(btrim(email), '')), 'invoice:' || invoice_id::text)) stored;
create index receivable_by_customer on receivable (seller_id, customer_key, due_date) where opened_at is not null;
create index receivable_by_email on receivable (seller_id, lower(email)) where opened_at is not null and email is not null;
create index receivable_open_by_customer on receivable (seller_id, customer_key, due_date, invoice_id)
    where opened_at is not null and settled_at is null;

-- What was due after each allocation but the latest, which stands in the receivable itself; nothing of what was paid in the sale.
create table receivable_change (
    seller_id  text          not null,
    invoice_id uuid          not null,
    version    bigint        not null,
    at         timestamptz   not null,
    amount_due numeric(19,4) not null,
    cause      text,
    primary key (seller_id, invoice_id, version)
);

-- Lines of invoices that left something to pay: a customer may dispute one of them.
create table receivable_line (
    seller_id    text          not null,
    invoice_id   uuid          not null,
    line_id      text          not null,
    name         text          not null,
    gross_amount numeric(19,4) not null,
    primary key (seller_id, invoice_id, line_id)
);
