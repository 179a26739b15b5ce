-- Who did what at the REST doors, and which member of staff looked at whose data. Rows are added, and old months are dropped whole; nobody
-- changes or deletes one.
create table audit (
    -- UUID of version 7: it begins with the instant, so that the order of the key is the order of time.
    audit_id  uuid        not null primary key,
    -- Whose data it was about; none for what is of no seller, as operating the system.
    seller_id text,
    at        timestamptz not null,
    -- The member's address, or the id of the key.
    who       text        not null,
    -- The member's role, or key, admin, operator.
    role      text        not null,
    -- The method and the pattern of the door's address.
    act       text        not null,
    -- The ids that the address named, and what was made.
    subject   text        not null,
    status    integer     not null,
    trace_id  text
) partition by range (audit_id);
create table audit_rest partition of audit default;
create index audit_of_seller on audit (seller_id, audit_id);
insert into monthly (name) values ('audit');

create function audit_stays() returns trigger language plpgsql as $$
begin
    -- A month that gets its part late takes its rows out of the rest: the part is there then, and not attached yet.
    if tg_op = 'DELETE' and tg_level = 'ROW' and tg_table_name = 'audit_rest' and exists (
        select from pg_class c
        where c.oid = to_regclass('audit' || to_char(old.at at time zone 'UTC', '_YYYY_MM')) and not c.relispartition) then
        return old;
    end if;
    raise exception 'what the audit says stays: it is neither changed nor deleted' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_stays before update or delete on audit for each row execute function audit_stays();
create trigger audit_stays_whole before truncate on audit for each statement execute function audit_stays();
