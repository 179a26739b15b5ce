-- A seller's own tool reads here, by PostgreSQL's protocol: views in a schema of their own, one login a seller, and each sees its own rows.
-- The roles and logins are the administrator's to make (AppHost/postgres/reporting-bi.psql); where they are not there yet, so are no views,
-- until bi.keep_views is asked again. The schema belongs to the database and not to one set of tables: whoever puts another set in the place
-- of this one asks anew.
create schema if not exists bi;

-- Holds a table's rows to the seller of the login, for whoever reads by the views; the service itself reads and writes all.
create or replace function bi.fence(part regclass) returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security', part);
    execute format('drop policy if exists service on %s', part);
    execute format('create policy service on %s to {app} using (true) with check (true)', part);
    execute format('drop policy if exists own on %s', part);
    execute format('create policy own on %s for select to reporting_bi_views using (seller_id = (select bi.seller()))', part);
    execute format('grant select on %s to reporting_bi_views', part);
end $$;

-- The views of a set of tables.
create or replace function bi.keep_views(tables name) returns void language plpgsql as $$
declare
    part text;
begin
    foreach part in array array['sold', 'sold_vat', 'sold_line', 'sold_cancelled', 'sold_by_till', 'taking_fact', 'taking_sum', 'debt', 'forecast',
        'forecast_day']
    loop
        perform bi.fence(format('%I.%I', tables, part)::regclass);
    end loop;

    execute format($view$
        create or replace view bi.invoices as
        select s.invoice_id, s.number, s.kind, s.operation_date, s.issue_date, nullif(s.hour, -1) as hour, s.store_id,
            nullif(s.till_id, '') as till_id, s.channel, nullif(s.customer_id, '') as customer_id, s.sale_ids, s.currency,
            s.kind <> 'exchange' and c.invoice_id is null as counts_as_sale, s.total_without_vat, s.vat_total, s.total_with_vat, s.returns,
            c.cancelled_at
        from %1$I.sold s left join %1$I.sold_cancelled c on c.seller_id = s.seller_id and c.invoice_id = s.invoice_id
        $view$, tables);
    execute format($view$
        create or replace view bi.invoice_vat as
        select invoice_id, operation_date, rate, total_without_vat, vat_total, total_with_vat from %I.sold_vat
        $view$, tables);
    execute format($view$
        create or replace view bi.invoice_lines as
        select invoice_id, line, operation_date, nullif(product, '') as product, rate, quantity, currency, net_amount, gross_amount
        from %I.sold_line
        $view$, tables);
    execute format($view$
        create or replace view bi.sales_by_day as
        select day as operation_date, store_id, nullif(till_id, '') as till_id, channel, currency, sum(invoices)::bigint as invoices,
            sum(total_without_vat) as total_without_vat, sum(vat_total) as vat_total, sum(total_with_vat) as total_with_vat,
            sum(returns) as returns
        from %I.sold_by_till where grain = 'd' group by day, store_id, till_id, channel, currency
        $view$, tables);
    execute format($view$
        create or replace view bi.income_by_day as
        select day, means, provider, currency,
            coalesce(sum(amount) filter (where kind in ('received', 'regained')), 0) as received,
            coalesce(-sum(amount) filter (where kind in ('refunded', 'reversed')), 0) as given_back,
            coalesce(sum(amount) filter (where kind = 'fee'), 0) as fees,
            coalesce(sum(count) filter (where kind = 'received'), 0)::bigint as payments
        from %I.taking_sum
        where kind in ('received', 'regained', 'refunded', 'reversed', 'fee')
        group by day, means, provider, currency
        $view$, tables);
    execute format($view$
        create or replace view bi.payments as
        select subject as payment_id, kind, at, day, means, provider, currency, amount
        from %I.taking_fact where kind in ('received', 'refunded', 'reversed', 'regained')
        $view$, tables);
    execute format($view$
        create or replace view bi.receivables as
        select invoice_id, number, nullif(customer_id, '') as customer_id, due_date, currency, amount_due
        from %I.debt where amount_due <> 0
        $view$, tables);
    execute format($view$
        create or replace view bi.forecast as
        select f.as_of, d.date, f.currency, d.amount, d.low, d.high
        from %1$I.forecast f join %1$I.forecast_day d on d.seller_id = f.seller_id and d.event_id = f.event_id
        $view$, tables);

    foreach part in array array['invoices', 'invoice_vat', 'invoice_lines', 'sales_by_day', 'income_by_day', 'payments', 'receivables',
        'forecast']
    loop
        execute format('alter view bi.%I owner to reporting_bi_views', part);
        execute format('grant select on bi.%I to reporting_bi', part);
    end loop;

    comment on view bi.invoices is 'Invoices, corrective ones negative. Only where counts_as_sale is an invoice a sale: a cancelled one is none, nor is one given in exchange for tickets.';
    comment on view bi.invoice_vat is 'The part of each invoice at each VAT rate, a surcharge within vat_total.';
    comment on view bi.invoice_lines is 'Lines as sold; product is the code, or the name where there is none. Line 0, without product, is what belongs to the invoice as a whole, so that the lines sum to it.';
    comment on view bi.sales_by_day is 'Sales by day of the sale, store and till, net of returns and without cancelled invoices; the fastest to ask.';
    comment on view bi.income_by_day is 'Money by day, means and provider; given_back and fees are positive.';
    comment on view bi.payments is 'Each payment received, given back, taken back or regained; amounts are positive but for tills that gave money back.';
    comment on view bi.receivables is 'Invoices with something open now, and how much.';
    comment on view bi.forecast is 'What was expected to come in on each day, by each day''s forecast (as_of); between low and high in four cases of five.';
end $$;

revoke execute on function bi.fence(regclass), bi.keep_views(name) from public;

do $$
begin
    if to_regrole('reporting_bi_views') is not null and to_regprocedure('bi.seller()') is not null then
        perform bi.keep_views(current_schema());
    else
        raise notice 'sellers have no views yet: reporting-bi.psql was not run in this database';
    end if;
end $$;
