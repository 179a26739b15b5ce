-- What links of reminders are for: those invoices alone, and of each all but what was not asked for when the link was made (disputed,
-- promised). The link's id follows from the message and what it asked, so a message that is made again has the same link.
create table link_item (
    seller_id  text          not null,
    link_id    uuid          not null,
    invoice_id uuid          not null,
    left_out   numeric(19,4) not null check (left_out >= 0),
    primary key (seller_id, link_id, invoice_id)
);
