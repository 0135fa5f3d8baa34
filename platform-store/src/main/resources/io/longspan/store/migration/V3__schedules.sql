-- An ingest that comes back. Whoever finds it due locks the row, hands the work in and moves the time on, all in one transaction.
create table ingest_schedule (
    name       text primary key,
    cron       text        not null,
    zone       text        not null,
    overlap    text        not null check (overlap in ('SKIP', 'QUEUE')),
    missed     text        not null check (missed in ('LATEST', 'ALL')),
    request    jsonb       not null,
    paused     boolean     not null default false,
    next_at    timestamptz not null,
    last_at    timestamptz,
    last_work  bigint references work_request (id) on delete set null,
    runs       bigint      not null default 0,
    skipped    bigint      not null default 0,
    created_by text        not null,
    created_at timestamptz not null default now()
);
create index ingest_schedule_due on ingest_schedule (next_at) where not paused;
