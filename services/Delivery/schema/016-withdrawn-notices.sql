-- Notices that Collections takes back before they were queued: asked for again under that id they are not queued any more.
create table withdrawn_notice (
    seller_id    text        not null,
    notice_id    text        not null,
    withdrawn_at timestamptz not null,
    primary key (seller_id, notice_id)
);
