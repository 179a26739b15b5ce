-- The invoices that a reminder tells of, and each one's step: the first asking under a notice's id decides.
create table transmission_item (
    seller_id       text     not null,
    transmission_id uuid     not null,
    place           smallint not null,
    invoice_id      uuid     not null,
    step            text     not null,
    primary key (seller_id, transmission_id, place),
    foreign key (seller_id, transmission_id) references transmission
);
create index transmission_item_by_invoice on transmission_item (seller_id, invoice_id);

-- A notice goes once, whichever of its invoices stands first when it is asked for again.
create unique index transmission_notice_once on transmission (seller_id, occasion) where purpose = 'reminder' and occasion <> '';
