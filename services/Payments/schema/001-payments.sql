-- Who is paid (BG-10), as Invoicing told of it last.
create table seller (
    seller_id  text   not null primary key,
    version    bigint not null,
    name       text   not null,
    trade_name text,
    iban       text,
    bic        text,
    time_zone  text   not null,
    language   text   not null
);
grant update on seller to {app};

-- What an invoice asks for, as issued; a fact, never changed.
create table invoice (
    seller_id         text          not null,
    invoice_id        uuid          not null,
    number            text          not null,
    kind              text          not null,
    currency          char(3)       not null,
    total_with_vat    numeric(19,4) not null,
    -- What it adds to the receivable: nothing for an exchange, the difference for a substitution.
    asked             numeric(19,4) not null,
    issue_date        date          not null,
    due_date          date,
    payment_reference text          not null,
    customer_id       text,
    issued_at         timestamptz   not null,
    primary key (seller_id, invoice_id)
);

-- Who may see and pay an invoice as a customer: personal data, apart from the facts, so that it can be erased.
create table contact (
    seller_id  text not null,
    invoice_id uuid not null,
    email      text not null,
    primary key (seller_id, invoice_id)
);
create index contact_by_invoice on contact (invoice_id);
grant update, delete on contact to {app};

-- What an invoice has open: derived from the facts, kept under its row's lock. The row may be there before the invoice is, since a
-- credit for it may arrive first and both must wait for each other.
create table balance (
    seller_id   text          not null,
    invoice_id  uuid          not null,
    asked       numeric(19,4) not null default 0,
    paid        numeric(19,4) not null default 0,
    refunded    numeric(19,4) not null default 0,
    in_flight   numeric(19,4) not null default 0,
    amount_due  numeric(19,4) not null generated always as (asked - paid + refunded) stored,
    version     bigint        not null default 0,
    settlements integer       not null default 0,
    settled     boolean       not null default false,
    primary key (seller_id, invoice_id),
    -- Never more allocated than is due: what is over is unallocated, whoever pays at the same time.
    check (asked - paid + refunded >= 0)
);
grant update on balance to {app};

-- Someone asked for a payment to be made or recorded; the same key again finds the same payment.
create table payment_intent (
    seller_id  text        not null,
    channel    text        not null,
    key        text        not null,
    payment_id uuid        not null,
    invoice_id uuid        not null,
    means      text        not null,
    -- What was asked; absent where it was whatever is due.
    amount     numeric(19,4),
    asked_at   timestamptz not null,
    primary key (seller_id, channel, key)
);

-- Money received, or credit that a corrective invoice gave; a fact, never changed. Negative where a till gave money back.
create table payment (
    seller_id   text          not null,
    payment_id  uuid          not null,
    -- Meant for it, or the corrective invoice that a credit comes from.
    invoice_id  uuid,
    customer_id text,
    means       text          not null,
    provider    text          not null,
    account     text          not null,
    currency    char(3)       not null,
    amount      numeric(19,4) not null,
    reference   text,
    received_at timestamptz   not null,
    primary key (seller_id, payment_id)
);

-- Where the money of a payment is; kept under its row's lock.
create table payment_balance (
    seller_id   text          not null,
    payment_id  uuid          not null,
    amount      numeric(19,4) not null,
    allocated   numeric(19,4) not null,
    unallocated numeric(19,4) not null,
    refunded    numeric(19,4) not null,
    -- For vouchers, deposits, tips and donations, which are no part of an invoice.
    non_sale    numeric(19,4) not null,
    version     bigint        not null,
    primary key (seller_id, payment_id),
    check (allocated + unallocated + refunded + non_sale = amount),
    check (unallocated >= 0 and refunded >= 0),
    -- Never more given back than was received, whoever refunds at the same time.
    check (amount < 0 or allocated >= 0)
);
create index payment_balance_unallocated on payment_balance (seller_id, payment_id) where unallocated > 0;
grant update on payment_balance to {app};

-- Which invoices a credit was given for; it settles them first, those that arrive after it too.
create table credit_target (
    seller_id  text not null,
    invoice_id uuid not null,
    payment_id uuid not null,
    primary key (seller_id, invoice_id, payment_id)
);

-- Money of a payment that went to an invoice; negative where it was undone.
create table allocation (
    seller_id       text          not null,
    allocation_id   uuid          not null,
    payment_id      uuid          not null,
    invoice_id      uuid          not null,
    amount          numeric(19,4) not null,
    balance_version bigint        not null,
    allocated_at    timestamptz   not null,
    primary key (seller_id, allocation_id),
    unique (seller_id, invoice_id, balance_version)
);
create index allocation_by_payment on allocation (seller_id, payment_id);

-- Money given back; the same reference again finds the same refund.
create table refund (
    seller_id   text          not null,
    payment_id  uuid          not null,
    reference   text          not null,
    refund_id   uuid          not null,
    amount      numeric(19,4) not null,
    refunded_at timestamptz   not null,
    primary key (seller_id, payment_id, reference)
);

-- Each time nothing of an invoice was open any more; InvoicePaid is told once for each.
create table settlement (
    seller_id  text        not null,
    invoice_id uuid        not null,
    settlement integer     not null,
    paid_at    timestamptz not null,
    primary key (seller_id, invoice_id, settlement)
);

-- The double-entry journal. Append-only: the role cannot change or delete a line, so a mistake is corrected by adding.
create table journal_entry (
    seller_id   text        not null,
    entry_id    uuid        not null,
    position    bigint      generated always as identity,
    kind        text        not null,
    invoice_id  uuid,
    payment_id  uuid,
    occurred_at timestamptz not null,
    primary key (seller_id, entry_id)
);
create index journal_entry_by_position on journal_entry (seller_id, position);

create table journal_line (
    seller_id text          not null,
    entry_id  uuid          not null,
    line      smallint      not null,
    account   text          not null,
    currency  char(3)       not null,
    -- Debit positive, credit negative.
    amount    numeric(19,4) not null check (amount <> 0),
    primary key (seller_id, entry_id, line),
    foreign key (seller_id, entry_id) references journal_entry (seller_id, entry_id)
);
create index journal_line_by_account on journal_line (seller_id, account);

-- Every statement that writes lines writes whole entries: each sums to zero in each currency, and so the trial balance does.
create function refuse_lopsided_entries() returns trigger language plpgsql as $$
declare
    lopsided uuid;
begin
    select entry_id into lopsided from written group by seller_id, entry_id, currency having sum(amount) <> 0 limit 1;
    if found then
        raise exception 'journal entry % does not sum to zero', lopsided using errcode = 'check_violation';
    end if;
    return null;
end
$$;
create trigger entries_sum_to_zero after insert on journal_line
    referencing new table as written for each statement execute function refuse_lopsided_entries();
