-- What a person said about offers, each word of it for ever: what holds is what the newest says. Nobody changes or deletes a word; it is
-- personal data, and an erasure will need a function of its own.
create table consent (
    seller_id   text        not null,
    consent_id  bigint      generated always as identity,
    -- The seller's own name for the person, or the address alone, where a mail was answered that names no customer.
    customer_id text,
    -- In small letters.
    email       text,
    purpose     text        not null check (purpose in ('offers')),
    granted     boolean     not null,
    -- Where it was said: the till's form, the web shop, one-click, a complaint.
    source      text        not null,
    -- When it was said, and when we were told.
    at          timestamptz not null,
    recorded_at timestamptz not null,
    primary key (seller_id, consent_id),
    constraint consent_of_someone check (customer_id is not null or email is not null),
    -- The same word told again is one word.
    constraint consent_once unique nulls not distinct (seller_id, customer_id, email, purpose, granted, source, at)
);
create index consent_of_address on consent (seller_id, email, purpose) where email is not null;
