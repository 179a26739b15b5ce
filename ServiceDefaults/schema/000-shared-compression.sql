-- Bodies are most of what an event is. A server built without lz4 keeps the default method. What has room for it stays in its row.
do $$
begin
    alter table event alter column body set compression lz4;
exception when feature_not_supported then
    null;
end $$;
alter table event set (toast_tuple_target = 3584);
