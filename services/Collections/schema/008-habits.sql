-- Each receivable that was ever settled, once: what habits were learned from, and what forecasts are held against. One that was cancelled
-- or written off says for how long nobody paid, and nothing else.
create table settlement (
    seller_id    text        not null,
    invoice_id   uuid        not null,
    customer_key text        not null,
    business     boolean     not null,
    issue_date   date        not null,
    due_date     date        not null,
    -- In the seller's zone.
    settled_on   date        not null,
    settled_at   timestamptz not null,
    paid         boolean     not null,
    primary key (seller_id, invoice_id)
);
create index settlement_by_customer on settlement (seller_id, customer_key);

-- Sums that only grow, an element a band of age, a part of the month or a kind of act (AgeBand, MonthPart, ActKind say which).
create table customer_habit (
    seller_id              text    not null,
    customer_key           text    not null,
    paid                   integer not null default 0,
    paid_late              integer not null default 0,
    days_late              bigint  not null default 0,
    last_paid_on           date,
    paid_by_age            real[]  not null,
    days_by_age            real[]  not null,
    paid_by_month_part     real[]  not null,
    expected_by_month_part real[]  not null,
    acts                   real[]  not null,
    act_unpaid             real[]  not null,
    act_unmoved            real[]  not null,
    primary key (seller_id, customer_key)
);
grant update on customer_habit to {app};

-- The same of all customers of a seller, businesses and consumers apart.
create table seller_habit (
    seller_id              text    not null,
    business               boolean not null,
    paid                   integer not null default 0,
    paid_late              integer not null default 0,
    days_late              bigint  not null default 0,
    last_paid_on           date,
    paid_by_age            real[]  not null,
    days_by_age            real[]  not null,
    paid_by_month_part     real[]  not null,
    expected_by_month_part real[]  not null,
    acts                   real[]  not null,
    act_unpaid             real[]  not null,
    act_unmoved            real[]  not null,
    -- What was open at the last forecast: days at risk that no payment has ended yet.
    open_days_by_age            real[],
    open_expected_by_month_part real[],
    -- How much the segment counts for a customer; by the customers' histories at the last forecast.
    customer_weight        real,
    primary key (seller_id, business)
);
grant update on seller_habit to {app};

-- Acts whose window has passed, learned from once.
create table judged_act (
    seller_id text        not null,
    act_id    uuid        not null,
    judged_at timestamptz not null,
    primary key (seller_id, act_id)
);

-- How a message was chosen to go, and whether its customer was held out of choosing.
create table send_choice (
    seller_id    text        not null,
    notice_id    uuid        not null,
    customer_key text        not null,
    channel      text        not null,
    local_hour   smallint    not null check (local_hour between 0 and 23),
    held_out     boolean     not null,
    chosen_at    timestamptz not null,
    primary key (seller_id, notice_id)
);
grant update (channel, local_hour) on send_choice to {app};

-- Messages whose 48 hours have passed, learned from once.
create table learned_notice (
    seller_id  text        not null,
    notice_id  uuid        not null,
    learned_at timestamptz not null,
    primary key (seller_id, notice_id)
);

-- Messages sent and answered, an element a channel at a part of the day (AnswerHabit says which). The customer of the seller's own row is ''.
create table answer_habit (
    seller_id    text   not null,
    customer_key text   not null,
    sent         real[] not null,
    answered     real[] not null,
    primary key (seller_id, customer_key)
);
grant update on answer_habit to {app};

-- Acts of persons by their time: each morning those are looked for whose window has passed.
create index act_of_persons on act (at) where kind in ('call', 'email', 'sms', 'letter', 'visit', 'plan-made') and customer_key is not null;
