-- A form of the office that was sent: done once, whichever instance it comes to, and answered the same way again.
create table form_once (
    email    text        not null,
    -- The key that the form carried, made when it was shown.
    form_key text        not null,
    taken_at timestamptz not null,
    -- Where the browser was sent on; null while it is being done.
    answer   text,
    primary key (email, form_key)
);
create index on form_once (taken_at);
grant update, delete on form_once to {app};
