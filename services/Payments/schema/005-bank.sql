-- Bank accounts whose statements a seller hands in, besides the one it is registered with.
create table bank_account (
    seller_id text        not null,
    -- Without spaces, in capitals.
    account   text        not null,
    name      text,
    added_at  timestamptz not null,
    primary key (seller_id, account)
);
grant update, delete on bank_account to {app};

-- What was handed in: each statement of each file, once.
create table bank_statement (
    seller_id    text        not null,
    -- SHA-256 of the file, and the statement's place in it.
    file         bytea       not null,
    place        integer     not null,
    account      text        not null,
    statement_id text        not null,
    page         integer,
    -- A notification (camt.054) tells of single movements, a statement (camt.053) of all.
    notification boolean     not null,
    currency     char(3),
    from_on      date,
    to_on        date,
    -- [{"kind","amount","currency","on"}] as the bank says them.
    balances     jsonb       not null,
    entries      integer     not null,
    imported_at  timestamptz not null,
    primary key (seller_id, file, place)
);

-- A payment on one of the seller's accounts, as the bank told it first; what has come of it is beside it.
create table bank_entry (
    seller_id          text          not null,
    entry_id           uuid          not null,
    account            text          not null,
    statement_id       text          not null,
    page               integer,
    -- The movement of the account that it is part of, named so that it has the same name whenever it is told again; and which part.
    movement           text          not null,
    likeness           text          not null,
    shape              text          not null,
    part               smallint      not null,
    parts              smallint      not null,
    movement_amount    numeric(19,4) not null,
    movement_is_credit boolean       not null,
    is_credit          boolean       not null,
    kind               text          not null,
    is_booked          boolean       not null,
    amount             numeric(19,4) not null check (amount >= 0),
    currency           char(3)       not null,
    booked_on          date          not null,
    valued_on          date,
    bank_reference     text,
    end_to_end_id      text,
    transaction_id     text,
    mandate_id         text,
    batch_id           text,
    -- Personal data; an erasure overwrites these, and the words.
    party_name         text,
    ultimate_name      text,
    party_account      text,
    -- The payer's name without order, accents and legal form, so that what one teaches helps the others.
    party_key          text,
    cited              text[]        not null,
    words              text          not null,
    return_reason      text,
    return_text        text,
    bank_code          text,
    -- Whether a statement told it, and whether a notification did: the same movement in both counts once.
    by_statement       boolean       not null,
    by_notification    boolean       not null,
    imported_at        timestamptz   not null,
    -- waiting, pending, matched, proposed, open, noted, superseded.
    state              text          not null,
    -- What it is: invoices, paidalready, payout, refund, settlement, returned, reversed; absent while nobody knows.
    matched_as         text,
    -- The money that was received by it.
    payment_id         uuid,
    customer_id        text,
    -- What may be meant, the best first; what was allocated. Both as the answers show them.
    proposals          jsonb,
    allocated          jsonb,
    -- Somebody undid or refused what was found: from then on only a person decides.
    by_hand            boolean       not null default false,
    decided_at         timestamptz,
    primary key (seller_id, entry_id),
    -- The same movement told again is the same.
    unique (seller_id, movement, part),
    check (state <> 'matched' or matched_as is not null)
);
create index bank_entry_by_state on bank_entry (seller_id, state, entry_id);
create index bank_entry_waiting on bank_entry (seller_id, booked_on, entry_id) where state = 'waiting';
create index bank_entry_pending on bank_entry (seller_id, shape) where state = 'pending';
-- The same movement in a statement and in a notification, where the bank names it in neither.
create index bank_entry_by_day on bank_entry (seller_id, account, booked_on);
create index bank_entry_unknown_by_account on bank_entry (seller_id, party_account) where state in ('open', 'proposed');
create index bank_entry_unknown_by_name on bank_entry (seller_id, party_key) where state in ('open', 'proposed');
-- What was taken back from us names what had been paid.
create index bank_entry_by_end_to_end on bank_entry (seller_id, end_to_end_id) where payment_id is not null;
create index bank_entry_by_bank_reference on bank_entry (seller_id, bank_reference) where payment_id is not null;
create index bank_entry_by_payment on bank_entry (seller_id, payment_id) where payment_id is not null;
grant update on bank_entry to {app};

-- What was decided of a line, by whom, and what was undone; never changed.
create table bank_decision (
    seller_id  text        not null,
    entry_id   uuid        not null,
    position   bigint      generated always as identity,
    -- matched, unmatched, refused.
    kind       text        not null,
    -- Whether a person said so, not the rules.
    by_hand    boolean     not null,
    decision   jsonb       not null,
    decided_at timestamptz not null,
    primary key (seller_id, entry_id, position)
);

-- What a transfer may name: invoices that left something due when they were issued. Those paid with their sale are not here, so that the
-- indexes stay small where most pay at once.
create table remittance (
    seller_id         text not null,
    invoice_id        uuid not null,
    payment_reference text not null,
    -- The number's letters and digits: people write the rest of it in every way.
    number_key        text not null,
    customer_id       text,
    primary key (seller_id, invoice_id)
);
-- For whole references and for their beginnings.
create index remittance_by_reference on remittance (seller_id, payment_reference text_pattern_ops);
create index remittance_by_number on remittance (seller_id, number_key);
create index remittance_by_customer on remittance (seller_id, customer_id);
create index balance_open on balance (seller_id, amount_due) where amount_due > 0;

insert into remittance (seller_id, invoice_id, payment_reference, number_key, customer_id)
select i.seller_id, i.invoice_id, i.payment_reference, upper(regexp_replace(i.number, '[^A-Za-z0-9]', '', 'g')), i.customer_id
from invoice i join balance b using (seller_id, invoice_id)
where b.amount_due > 0;

-- From which account payments for a customer came, as matches taught. Personal data; an erasure of the customer deletes it.
create table payer_account (
    seller_id   text        not null,
    account     text        not null,
    customer_id text        not null,
    -- How many matches teach it; undone ones no longer do.
    payments    integer     not null,
    learned_at  timestamptz not null,
    primary key (seller_id, account, customer_id)
);
grant update, delete on payer_account to {app};

-- How a customer is called, by its invoices or by payments that somebody matched. Personal data; an erasure of the customer deletes it.
create table payer_name (
    seller_id   text        not null,
    customer_id text        not null,
    -- The telling words in one order.
    name_key    text        not null,
    -- Whether a payment taught it, not an invoice.
    learned     boolean     not null,
    learned_at  timestamptz not null,
    primary key (seller_id, customer_id, name_key)
);
grant update, delete on payer_name to {app};

-- The words of the names, to find them by.
create table payer_word (
    seller_id   text not null,
    word        text not null,
    customer_id text not null,
    primary key (seller_id, word, customer_id)
);
create index payer_word_by_customer on payer_word (seller_id, customer_id);
grant delete on payer_word to {app};

-- Refunds that left by a line of the bank; each by one, and each line one refund.
create table bank_refund (
    seller_id  text not null,
    payment_id uuid not null,
    reference  text not null,
    entry_id   uuid not null,
    primary key (seller_id, payment_id, reference),
    unique (seller_id, entry_id)
);
