-- A seller's own templates (Liquid) of its mails and of the invoice's page.
create table seller_template (
    seller_id     text        not null,
    name          text        not null check (name in ('mail', 'page')),
    -- Another one with every change, so that what was read before is known as old.
    version       uuid        not null,
    source        text        not null,
    saved_at      timestamptz not null,
    -- Why ours was used instead, when it was last.
    last_error    text,
    last_error_at timestamptz,
    primary key (seller_id, name)
);
grant update, delete on seller_template to {app};
