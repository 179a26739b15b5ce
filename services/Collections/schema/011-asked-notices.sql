-- Notices that Delivery is asked for, kept before it is asked and until it has answered: whether one without an answer went, nobody knows,
-- so it counts for the cap and its steps are in no other notice. No foreign key: whoever asks holds the notice's row.
create table notice_asked (
    seller_id text        not null,
    notice_id uuid        not null,
    asked_at  timestamptz not null,
    -- What was to be claimed in it: asked for again, it is that again, as that may be what the customer was told.
    claims    jsonb       not null default '[]',
    primary key (seller_id, notice_id)
);
grant update, delete on notice_asked to {app};
