-- The log of inferences in a partition per month of UTC, so that what is too old goes by dropping a table. What is there stays where it is,
-- in the partition for every other time, until its month gets a partition of its own.
alter table inference rename to inference_rest;
alter table inference_rest drop constraint inference_pkey;
alter table inference_rest add constraint inference_rest_pkey primary key (id, at);
alter index inference_newest rename to inference_rest_newest;
alter index inference_model rename to inference_rest_model;
alter index inference_failed rename to inference_rest_failed;
alter index inference_caller rename to inference_rest_caller;
alter index inference_method rename to inference_rest_method;
alter index inference_times rename to inference_rest_times;

create table inference (like inference_rest including defaults, primary key (id, at)) partition by range (at);
alter table inference attach partition inference_rest default;
create index inference_newest on inference (at desc, id desc);
create index inference_model on inference (model, at desc);
create index inference_failed on inference (status, at desc) where status <> 'OK';
create index inference_caller on inference (caller, at desc, id desc);
create index inference_method on inference (method, at desc, id desc);
create index inference_times on inference (at) include (model, method, status, total_nanos, tokens);

-- Makes the partition of a moment's month, if it is missing, and moves rows of that month into it.
create function inference_month(moment timestamptz) returns void language plpgsql as $$
declare
    first timestamp := date_trunc('month', moment at time zone 'UTC');
    begins timestamptz := first at time zone 'UTC';
    ends timestamptz := (first + interval '1 month') at time zone 'UTC';
    name text := 'inference_' || to_char(first, 'YYYY_MM');
begin
    if to_regclass(name) is not null then
        return;
    end if;
    -- Two servers at the turn of a month take turns.
    lock table inference_rest in access exclusive mode;
    if to_regclass(name) is not null then
        return;
    end if;
    execute format('create table %I (like inference including defaults)', name);
    execute format('with moved as (delete from inference_rest where at >= %L and at < %L returning *) insert into %I select * from moved',
        begins, ends, name);
    execute format('alter table inference attach partition %I for values from (%L) to (%L)', name, begins, ends);
end
$$;

-- Takes away what is older than a moment, months as a whole; returns the number of rows.
create function inference_forget(moment timestamptz) returns bigint language plpgsql as $$
declare
    month record;
    ends timestamptz;
    rows bigint;
    gone bigint := 0;
begin
    for month in
        select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'inference'::regclass and c.relname ~ '^inference_[0-9]{4}_[0-9]{2}$' order by c.relname
    loop
        ends := (to_date(substr(month.name, 11), 'YYYY_MM') + interval '1 month') at time zone 'UTC';
        if ends <= moment then
            execute format('select count(*) from %I', month.name) into rows;
            execute format('drop table %I', month.name);
            gone := gone + rows;
        end if;
    end loop;
    delete from inference where at < moment;
    get diagnostics rows = row_count;
    return gone + rows;
end
$$;
