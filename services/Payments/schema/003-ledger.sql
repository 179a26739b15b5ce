-- What the provider knows a payment by, such as pi_…; refunds, disputes and payouts name it.
alter table payment add column provider_reference text;
create index payment_by_provider_reference on payment (seller_id, provider, provider_reference) where provider_reference is not null;

-- Money that was taken back from us: disputes and returned debits, less those that were won again. A dispute may take more than is left
-- of a payment, since a refund of it was given or is under way: that is the seller's loss until the refund fails or the dispute is won.
alter table payment_balance
    add column reversed  numeric(19,4) not null default 0,
    add column overdrawn numeric(19,4) not null default 0;

-- Every coin that was received is somewhere, the reversed ones too: in place of the check that did not know of them.
do $$
declare
    sum_check name;
begin
    select conname into strict sum_check from pg_constraint
    where conrelid = 'payment_balance'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%non_sale%';
    execute format('alter table payment_balance drop constraint %I', sum_check);
end $$;
alter table payment_balance
    add constraint every_coin_is_somewhere check (allocated + unallocated + refunded + non_sale + reversed = amount),
    add constraint nothing_comes_back_twice check (reversed >= 0 and overdrawn >= 0),
    -- What is under way at a provider counts as refunded from the moment it is ordered: whoever refunds at the same time finds it gone.
    add constraint never_more_back_than_received check (amount < 0 or refunded + reversed <= amount);

alter table balance add constraint in_flight_is_some check (in_flight >= 0);

-- A refund that a provider is asked for is under way until it says that it was given, or will not be. Those of tills and banks are given
-- by whoever records them.
alter table refund
    add column state              text    not null default 'given' check (state in ('asked', 'given', 'failed')),
    -- Who is asked to give it; absent where nobody is.
    add column provider           text,
    add column provider_reference text,
    -- The invoice that lost what is given back; the last one that had taken some.
    add column invoice_id         uuid,
    -- Why it is still under way, or why it was not given.
    add column reason             text,
    add column next_look_at       timestamptz,
    add column looks              integer not null default 0,
    -- Nothing is under way without somebody who is asked and a next time to ask.
    add constraint what_is_asked_is_asked_again check (state <> 'asked' or (provider is not null and next_look_at is not null));
create unique index refund_by_id on refund (seller_id, refund_id);
create index refund_asked on refund (next_look_at) where state = 'asked';
create index refund_by_provider_reference on refund (seller_id, provider, provider_reference) where provider_reference is not null;
-- Payment, reference and amount stay for ever as they were asked for.
grant update (state, provider, provider_reference, invoice_id, reason, next_look_at, looks) on refund to {app};

-- What the seller decided about payments; where there is no row, nothing is forgiven, credit waits to be offset, and means come in the
-- usual order.
create table payment_policy (
    seller_id  text          not null primary key,
    -- What an invoice may lack after a payment without being asked for any more; in the invoice's currency.
    tolerance  numeric(19,4) not null check (tolerance >= 0 and tolerance <= 5),
    -- What becomes of a corrective invoice's credit that no invoice took: it waits for one, or goes back the way the money came.
    credit     text          not null check (credit in ('offset', 'refund')),
    -- The order in which ways to pay are offered.
    means      text[]        not null check (cardinality(means) > 0),
    changed_at timestamptz   not null
);
grant update on payment_policy to {app};

-- Money that a provider sends to the seller's bank: announced by the provider, arrived when the bank's statement shows it.
create table payout (
    seller_id    text          not null,
    provider     text          not null,
    reference    text          not null,
    currency     char(3)       not null,
    -- What reaches the bank; negative where the provider collects from it.
    amount       numeric(19,4) not null,
    -- What the provider kept for itself.
    fees         numeric(19,4) not null default 0,
    arrives_on   date,
    -- What the bank's line will say, where the provider said it.
    statement    text,
    state        text          not null default 'announced' check (state in ('announced', 'arrived')),
    -- The line of the bank's statement that it is.
    bank_entry   uuid,
    announced_at timestamptz   not null,
    arrived_at   timestamptz,
    primary key (seller_id, provider, reference),
    check ((state = 'arrived') = (arrived_at is not null))
);
create index payout_announced on payout (seller_id, currency, amount) where state = 'announced';
-- A line of the bank is one payout, and no other's.
create unique index payout_by_bank_entry on payout (seller_id, bank_entry) where bank_entry is not null;
grant update (arrives_on, statement, state, bank_entry, arrived_at) on payout to {app};
