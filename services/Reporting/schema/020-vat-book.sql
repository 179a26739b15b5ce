-- The book of issued invoices: a row for each invoice and tax treatment, in EUR; facts, never changed. By month of the invoice's id.
create table vat_entry (
    seller_id        text          not null,
    invoice_id       uuid          not null,
    part             smallint      not null,
    -- When this service had it.
    known_at         timestamptz   not null,
    record_type      text          not null,
    issue_date       date          not null,
    operation_date   date          not null,
    series           text          not null,
    number           text          not null,
    buyer_id_type    text,
    buyer_country    text,
    buyer_id         text,
    buyer_name       text          not null,
    operation_key    text          not null,
    qualification    text,
    exemption        text,
    total            numeric(19,4) not null,
    taxable_amount   numeric(19,4) not null,
    rate             numeric(9,4),
    vat_amount       numeric(19,4),
    surcharge_rate   numeric(9,4),
    surcharge_amount numeric(19,4),
    primary key (seller_id, invoice_id, part)
) partition by range (invoice_id);
create table vat_entry_rest partition of vat_entry default;
insert into monthly (name) values ('vat_entry');
-- The order of the book: it is read without being sorted.
create index vat_entry_in_order on vat_entry (seller_id, operation_date, issue_date, series, number, invoice_id, part);
create index vat_entry_known on vat_entry (seller_id, known_at);

-- Invoices that should never have been, from when this service had it.
create table vat_cancelled (
    seller_id  text        not null,
    invoice_id uuid        not null,
    known_at   timestamptz not null,
    primary key (seller_id, invoice_id)
);
create index vat_cancelled_known on vat_cancelled (seller_id, known_at);

-- What was declared, by the day of operation and the hour of UTC that it became known in: what was known before an hour is a sum of rows, and
-- so is what is known now. Nothing of invoices given for tickets (F3), whose tickets declare them.
create table vat_sum (
    seller_id        text          not null,
    operation_date   date          not null,
    known_hour       timestamptz   not null,
    corrective       boolean       not null,
    operation_key    text          not null,
    -- Empty where there is none, and -1 for rates.
    qualification    text          not null,
    exemption        text          not null,
    rate             numeric(9,4)  not null,
    surcharge_rate   numeric(9,4)  not null,
    entries          bigint        not null,
    taxable_amount   numeric(19,4) not null,
    vat_amount       numeric(19,4) not null,
    surcharge_amount numeric(19,4) not null,
    primary key (seller_id, operation_date, known_hour, corrective, operation_key, qualification, exemption, rate, surcharge_rate)
);
grant update on vat_sum to {app};
