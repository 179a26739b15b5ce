-- Interest for late payment and the compensation of recovery costs, of businesses only (Directive 2011/7/EU): owed beside the invoice,
-- outside VAT, never part of it.
create table claim (
    seller_id  text          not null,
    claim_id   uuid          not null,
    invoice_id uuid          not null,
    kind       text          not null check (kind in ('interest', 'recovery')),
    amount     numeric(19,4) not null check (amount > 0),
    currency   char(3)       not null,
    -- The days that interest is claimed for, both included; absent for the compensation.
    from_date  date,
    until_date date,
    created_at timestamptz   not null,
    paid_at    timestamptz,
    waived_at  timestamptz,
    primary key (seller_id, claim_id),
    check (paid_at is null or waived_at is null),
    check ((kind = 'interest') = (from_date is not null and until_date is not null))
);
grant update (paid_at, waived_at) on claim to {app};
create index claim_by_invoice on claim (seller_id, invoice_id);
create index claim_open on claim (seller_id, invoice_id) where paid_at is null and waived_at is null;
-- Forty euros once an invoice, whatever becomes of them; no day's interest twice but where it was waived.
create unique index recovery_once on claim (seller_id, invoice_id) where kind = 'recovery';
create unique index interest_once on claim (seller_id, invoice_id, until_date) where kind = 'interest' and waived_at is null;

-- Rates of half-years that came after this version was made, as the operator keeps them; nothing here replaces what the version knows.
create table interest_rate (
    half_year             date         not null primary key,
    main_refinancing_rate numeric(6,3) not null,
    source                text         not null,
    kept_at               timestamptz  not null
);
grant update on interest_rate to {app};
