-- The record itself, byte for byte as it is sent and exported. A registration, or a cancellation of the invoice.
alter table fiscal_record add column kind text not null default 'registration' check (kind in ('registration', 'cancellation'));
alter table fiscal_record add column document text;

-- What of a seller's invoices was done on request rather than by a sale: the key that the caller gave makes it happen once.
create table act (
    seller_id    text  not null,
    act_key      text  not null,
    content_hash bytea not null,
    invoice_id   uuid  not null,
    primary key (seller_id, act_key),
    foreign key (seller_id, invoice_id) references invoice deferrable initially deferred
);

-- Invoices that should never have been. Their numbers are never used again.
create table cancellation (
    seller_id    text        not null,
    invoice_id   uuid        not null,
    reason       text        not null,
    cancelled_at timestamptz not null,
    primary key (seller_id, invoice_id),
    foreign key (seller_id, invoice_id) references invoice
);

-- Which full invoice stands for which ticket: one at a time. Cancelling the full invoice frees its tickets.
create table exchange (
    seller_id           text        not null,
    ticket_invoice_id   uuid        not null,
    exchange_invoice_id uuid        not null,
    exchange_number     text        not null,
    issue_date          date        not null,
    freed_at            timestamptz,
    primary key (seller_id, ticket_invoice_id, exchange_invoice_id),
    foreign key (seller_id, ticket_invoice_id) references invoice,
    foreign key (seller_id, exchange_invoice_id) references invoice deferrable initially deferred
);
create unique index exchange_of_ticket on exchange (seller_id, ticket_invoice_id) where freed_at is null;
create index exchange_tickets on exchange (seller_id, exchange_invoice_id);
grant update on exchange to {app};

-- By differences, or by substitution: then the corrective invoice stands in the place of the corrected one.
alter table correction add column method text not null default 'differences' check (method in ('differences', 'substitution'));
create index correction_by_corrective on correction (seller_id, corrective_invoice_id);

-- What the tax agency answered to a record; a record without an answer is pending. A record has one answer for ever.
create table fiscal_answer (
    tax_id       text        not null,
    environment  text        not null,
    installation text        not null,
    position     bigint      not null,
    state        text        not null check (state in ('accepted', 'accepted-with-errors', 'rejected')),
    code         text,
    description  text,
    csv          text,
    answered_at  timestamptz not null,
    primary key (tax_id, environment, installation, position)
);

-- How far a chain's submission is. Records are sent in order: what lies behind sent_to waits, what lies up to answered_to is settled.
create table fiscal_queue (
    tax_id        text        not null,
    environment   text        not null,
    installation  text        not null,
    answered_to   bigint      not null default 0,
    -- Up to where a batch is on its way, or was when the process ended: then the agency is asked before anything is sent again.
    sent_to       bigint      not null default 0,
    sent_at       timestamptz,
    -- TiempoEsperaEnvio as last told, seconds; 60 until then (Orden HAC/1177/2024 art. 16.2).
    wait_seconds  integer     not null default 60,
    not_before    timestamptz not null default '-infinity',
    -- Since when nothing could be sent: what is sent late says so (Incidencia).
    incident_since timestamptz,
    failures      integer     not null default 0,
    last_failure  text,
    primary key (tax_id, environment, installation)
);
grant update on fiscal_queue to {app};

-- Why a chain takes no records: broken, or behind what the agency has after a restore. Lifted by an operator, who says how.
create table fiscal_hold (
    hold_id      uuid        not null primary key,
    tax_id       text        not null,
    environment  text        not null,
    installation text        not null,
    reason       text        not null,
    detail       text        not null,
    placed_at    timestamptz not null,
    lifted_at    timestamptz,
    lifted_how   text
);
create unique index fiscal_hold_standing on fiscal_hold (tax_id, environment, installation) where lifted_at is null;
grant update on fiscal_hold to {app};

-- What an operator decided about chains, and what the service found about them.
create table fiscal_event (
    event_id     uuid        not null primary key,
    tax_id       text        not null,
    environment  text        not null,
    installation text        not null,
    kind         text        not null,
    detail       text        not null,
    happened_at  timestamptz not null
);
