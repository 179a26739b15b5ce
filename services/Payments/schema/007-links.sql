-- What payment links call a customer by. The till's own name for a customer may be a tax number or an address, which belong in no link.
create table customer_key (
    seller_id    text not null,
    customer_id  text not null,
    customer_key uuid not null,
    primary key (seller_id, customer_id),
    unique (seller_id, customer_key)
);

-- Payment links made up to an instant open nothing any more: those to an invoice, or a customer's and those to each of its invoices.
create table link_revocation (
    seller_id      text        not null,
    -- The invoice's id, or the customer's key.
    subject        uuid        not null,
    revoked_before timestamptz not null,
    primary key (seller_id, subject)
);
grant update (revoked_before) on link_revocation to {app};

-- Everything open of a customer, by the seller's name for it and by the address that its invoices were sent to.
create index if not exists invoice_by_customer on invoice (seller_id, customer_id) where customer_id is not null;
create index if not exists contact_by_email on contact (seller_id, email);
