-- Documents and bodies are most of what issuing writes, and compressing them with the default method was half of what PostgreSQL spent on
-- an invoice. A server built without lz4 keeps the default. What has room for it stays in its row.
do $$
begin
    alter table invoice alter column body set compression lz4;
    alter table fiscal_record alter column document set compression lz4;
exception when feature_not_supported then
    null;
end $$;
alter table invoice set (toast_tuple_target = 3072);
