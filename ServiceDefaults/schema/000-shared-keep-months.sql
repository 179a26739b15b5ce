-- Tables that grow for ever come in months: each part has indexes of its own, small enough to stay in memory while it is written, and an
-- old one can be moved or kept elsewhere whole. They are parted by a UUID of version 7, which begins with its millisecond, so that who
-- asks by the key reads one part. What bears another kind of UUID is in the part _rest.
create table monthly (
    name    text not null primary key,
    options text not null default ''
);

-- The first UUID of version 7 of an instant.
create function uuid_at(at timestamptz) returns uuid language sql immutable as $$
    select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- One month of a table, with the rows of it that were written before it had a part.
create function keep_month(name text, month date) returns void language plpgsql as $$
declare
    part  text := name || to_char(month, '_YYYY_MM');
    key   text := (select a.attname from pg_partitioned_table p join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
        where p.partrelid = name::regclass);
    since uuid := uuid_at(date_trunc('month', month::timestamp) at time zone 'UTC');
    until uuid := uuid_at((date_trunc('month', month::timestamp) + interval '1 month') at time zone 'UTC');
begin
    if to_regclass(part) is not null then
        return;
    end if;
    execute format('create table %I (like %I including all) %s', part, name, (select options from monthly m where m.name = keep_month.name));
    execute format('with moved as (delete from %I where %I >= %L and %I < %L returning *) insert into %I select * from moved',
        name || '_rest', key, since, key, until, part);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)', name, part, since, until);
end $$;

-- This month and the next three, of every such table: asked for at start and once a day.
create function keep_months(at timestamptz) returns void language sql as $$
    select keep_month(m.name, (date_trunc('month', at at time zone 'UTC') + make_interval(months => n))::date)
    from monthly m cross join generate_series(0, 3) n order by m.name, n
$$;
