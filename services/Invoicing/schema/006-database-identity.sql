-- Which database this was when the service last looked: another one after a restore.
create table database_identity (
    one        boolean     primary key default true check (one),
    identity   text        not null,
    noticed_at timestamptz not null
);
grant update on database_identity to {app};
