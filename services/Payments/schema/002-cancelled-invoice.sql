-- Invoices that should never have been: nothing is asked for them any more. The cancellation may be told before the invoice.
create table cancelled_invoice (
    seller_id    text        not null,
    invoice_id   uuid        not null,
    cancelled_at timestamptz not null,
    primary key (seller_id, invoice_id)
);
