-- Each step of each invoice, once: planned while it waits or its notice has not gone, sent, or skipped with the reason.
create table dunning_step (
    seller_id      text        not null,
    invoice_id     uuid        not null,
    step           text        not null,
    policy_id      text        not null,
    policy_version integer     not null,
    state          text        not null check (state in ('planned', 'sent', 'skipped')),
    due_at         timestamptz,
    -- The notice that carries or carried it last.
    notice_id      uuid,
    -- Channels that it went out by in vain: none of them is tried again.
    tried          text[]      not null default '{}',
    reason         text,
    escalation     text        not null default 'none',
    decided_at     timestamptz not null,
    sent_at        timestamptz,
    primary key (seller_id, invoice_id, step)
);
grant update on dunning_step to {app};
create index dunning_step_by_notice on dunning_step (notice_id) where notice_id is not null;

-- A notice is a message to a customer of one or several steps. The columns of the time when it was one step of one invoice stay for the
-- version before, and say nothing from now on.
alter table notice drop constraint notice_pkey;
alter table notice add primary key (notice_id);
alter table notice drop constraint notice_notice_id_key;
alter table notice alter column invoice_id drop not null;
alter table notice alter column step drop not null;
create unique index notice_of_before on notice (seller_id, invoice_id, step) where invoice_id is not null;
alter table notice
    add column customer_key text,
    add column channel      text not null default 'email',
    add column recipient    text,
    -- Whose words it takes.
    add column template     text not null default 'reminder',
    add column tone         text not null default 'neutral',
    -- It came back, or no channel would take it.
    add column failed_at    timestamptz,
    add column state        text generated always as
        (case when failed_at is not null then 'failed' when issued_at is not null then 'issued' else 'planned' end) stored;
update notice n set customer_key = r.customer_key, recipient = r.email
    from receivable r where r.seller_id = n.seller_id and r.invoice_id = n.invoice_id;
drop index notice_to_issue;
create index notice_to_issue on notice (next_attempt_at) where issued_at is null and failed_at is null;
create index notice_of_customer on notice (seller_id, customer_key, issued_at);
create index notice_by_transmission on notice (seller_id, transmission_id) where transmission_id is not null;

insert into dunning_step (seller_id, invoice_id, step, policy_id, policy_version, state, due_at, notice_id, decided_at, sent_at)
select seller_id, invoice_id, step, 'built-in', 0, case when issued_at is null then 'planned' else 'sent' end, planned_at, notice_id,
    coalesce(issued_at, planned_at), issued_at
from notice;

-- While the version before runs beside this one it plans and issues as it did: what it does is kept here as well, and what was planned
-- here it does not plan again.
create function notice_of_before() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into dunning_step (seller_id, invoice_id, step, policy_id, policy_version, state, due_at, notice_id, decided_at)
        values (new.seller_id, new.invoice_id, new.step, 'built-in', 0, 'planned', new.planned_at, new.notice_id, new.planned_at)
        on conflict do nothing;
        if not found then
            return null;
        end if;
        select r.customer_key, r.email into new.customer_key, new.recipient
        from receivable r where r.seller_id = new.seller_id and r.invoice_id = new.invoice_id;
        insert into dunning_customer (seller_id, customer_key) values (new.seller_id, new.customer_key) on conflict do nothing;
    elsif new.issued_at is not null and old.issued_at is null then
        update dunning_step set state = 'sent', sent_at = new.issued_at, reason = null
        where seller_id = new.seller_id and invoice_id = new.invoice_id and step = new.step and state = 'planned';
    end if;
    return new;
end
$$;
create trigger notice_of_before before insert or update on notice
    for each row when (new.invoice_id is not null) execute function notice_of_before();

-- Customers with something open, and when they are looked at next. Whoever decides about a customer or sends to one holds the row, so that
-- any number of instances keep to one cap.
create table dunning_customer (
    seller_id    text        not null,
    customer_key text        not null,
    look_at      timestamptz,
    primary key (seller_id, customer_key)
);
grant update on dunning_customer to {app};
insert into dunning_customer (seller_id, customer_key)
select distinct seller_id, customer_key from notice where issued_at is null and customer_key is not null;
create index dunning_customer_to_look_at on dunning_customer (look_at) where look_at is not null;

-- Receivables that something was told of: only added to, so that whoever tells a fact waits for nobody.
create table look_wanted (
    look_id    bigint      generated always as identity primary key,
    seller_id  text        not null,
    invoice_id uuid        not null,
    at         timestamptz not null
);
grant update, delete on look_wanted to {app};
insert into look_wanted (seller_id, invoice_id, at)
select seller_id, invoice_id, '2000-01-01T00:00:00Z' from receivable where opened_at is not null and settled_at is null;

-- Messages that Delivery gave up or that came back, until it is acted on.
create table failed_message (
    seller_id       text        not null,
    transmission_id text        not null,
    channel         text        not null,
    recipient       text        not null,
    reason          text        not null,
    failed_at       timestamptz not null,
    applied_at      timestamptz,
    primary key (seller_id, transmission_id)
);
grant update on failed_message to {app};
create index failed_message_to_apply on failed_message (failed_at) where applied_at is null;

-- Addresses that a reminder came back from; something that reaches one opens it again. Personal data; an erasure removes it.
create table closed_address (
    seller_id text        not null,
    channel   text        not null,
    -- In lower case.
    address   text        not null,
    closed_at timestamptz not null,
    primary key (seller_id, channel, address)
);
grant update, delete on closed_address to {app};
