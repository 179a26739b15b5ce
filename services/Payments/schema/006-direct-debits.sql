-- What the bank knows the seller by who collects by SEPA direct debit. Its row's lock makes one batch after the other, so that what a
-- mandate was used for before is always known.
create table direct_debit_settings (
    seller_id   text        not null primary key,
    -- AT-02: given by the seller's country, with check digits of its own.
    creditor_id text        not null,
    name        text        not null,
    -- Where the money goes.
    iban        text        not null,
    bic         text,
    -- How many TARGET2 days before the collection the bank wants the file.
    lead_days   integer     not null check (lead_days between 1 and 20),
    changed_at  timestamptz not null
);
grant update on direct_debit_settings to {app};

-- A customer's signed consent to be debited. One that is cancelled stays, since debits were made by it. Personal data; an erasure finds it
-- by customer, and waits until nothing that was collected by it can be claimed back (thirteen months).
create table mandate (
    seller_id   text        not null,
    -- AT-01: the seller's own reference of it, which the customer's bank knows it by.
    mandate_id  text        not null,
    customer_id text        not null,
    -- The debtor: who signed, and whose account it is.
    name        text        not null,
    iban        text        not null,
    bic         text,
    signed_on   date        not null,
    scheme      text        not null check (scheme in ('core', 'b2b')),
    -- What the first debit by it that we write is; what the next one is follows from the debits.
    sequence    text        not null check (sequence in ('first', 'recurring', 'one-off')),
    state       text        not null default 'active' check (state in ('active', 'suspended', 'cancelled')),
    -- ISO 20022's code of the returned debit that suspended it.
    reason      text,
    -- The account as it was when the mandate was told of: one that was in use elsewhere before is amended against it.
    first_iban  text        not null,
    known_since date        not null,
    changed_at  timestamptz not null,
    primary key (seller_id, mandate_id),
    check (state <> 'suspended' or reason is not null)
);
create index mandate_of_customer on mandate (seller_id, customer_id);
grant update on mandate to {app};

-- Debits that were written into one file for the bank; a fact, never changed.
create table debit_batch (
    seller_id        text          not null,
    -- Without dashes it is the file's message id.
    batch_id         uuid          not null,
    -- The shop's own key: the same request again finds the same file.
    reference        text,
    asked_collect_on date          not null,
    -- Absent where it was whatever is due.
    asked_invoices   uuid[],
    version          text          not null,
    collect_on       date          not null,
    amount           numeric(19,4) not null check (amount > 0),
    made_at          timestamptz   not null,
    -- The file, byte for byte as it was answered. Personal data.
    file             text          not null,
    primary key (seller_id, batch_id)
);
create unique index debit_batch_by_reference on debit_batch (seller_id, reference) where reference is not null;

-- What is collected for one invoice by one mandate.
create table debit (
    seller_id              text          not null,
    -- What the bank's statement and a return name: the payment reference, with a number where it was collected for before.
    end_to_end_id          text          not null,
    end_to_end_base        text          not null,
    batch_id               uuid          not null,
    place                  integer       not null,
    payment_information_id text          not null,
    invoice_id             uuid          not null,
    mandate_id             text          not null,
    sequence               text          not null check (sequence in ('first', 'recurring', 'one-off')),
    -- The debtor's account as the file has it.
    iban                   text          not null,
    amount                 numeric(19,4) not null check (amount > 0),
    state                  text          not null default 'submitted' check (state in ('submitted', 'collected', 'returned', 'cancelled')),
    -- The money, once there was some: a returned debit had it too.
    payment_id             uuid,
    collected_on           date,
    returned_on            date,
    -- ISO 20022's code of why it was returned, where the bank said it.
    reason                 text,
    primary key (seller_id, end_to_end_id),
    foreign key (seller_id, batch_id) references debit_batch (seller_id, batch_id),
    foreign key (seller_id, mandate_id) references mandate (seller_id, mandate_id),
    check ((state in ('collected', 'returned')) = (payment_id is not null)),
    check ((state = 'returned') = (returned_on is not null))
);
-- An invoice is under way once, whoever makes batches at the same time.
create unique index debit_under_way on debit (seller_id, invoice_id) where state = 'submitted';
create unique index debit_by_batch on debit (seller_id, batch_id, place);
create index debit_by_payment_information on debit (seller_id, payment_information_id);
create index debit_by_mandate on debit (seller_id, mandate_id) where state <> 'cancelled';
create index debit_by_base on debit (seller_id, end_to_end_base);
-- What the file says stays for ever as it says it.
grant update (state, payment_id, collected_on, returned_on, reason) on debit to {app};

-- What a customer has open: whoever collects by mandate asks for it by customer.
create index if not exists invoice_by_customer on invoice (seller_id, customer_id) where customer_id is not null;
