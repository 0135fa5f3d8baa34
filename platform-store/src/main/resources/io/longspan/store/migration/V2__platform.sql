-- Batch's own script has no index on a foreign key; a job page reads along every one of them.
create index batch_job_execution_instance on batch_job_execution (job_instance_id);
create index batch_job_execution_newest on batch_job_execution (create_time desc);
create index batch_job_execution_params_execution on batch_job_execution_params (job_execution_id);
create index batch_step_execution_job on batch_step_execution (job_execution_id, step_name);

-- One row per folder of shards.
create table data_set (
    id               bigint generated always as identity primary key,
    name             text        not null,
    folder           text        not null unique,
    corpus           text        not null,
    state            text        not null check (state in ('BUILDING', 'READY', 'FAILED')),
    documents        bigint      not null default 0 check (documents >= 0),
    dropped          bigint      not null default 0 check (dropped >= 0),
    tokens           bigint      not null default 0 check (tokens >= 0),
    shards           int         not null default 0 check (shards >= 0),
    tokenizer_digest text        not null default '',
    manifest         jsonb,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now()
);

-- Work that some worker is to do. A running row belongs to (worker, attempt) for as long as its heartbeat is fresh.
create table work_request (
    id             bigint generated always as identity primary key,
    kind           text        not null check (kind in ('INGEST', 'TRAIN')),
    title          text        not null,
    payload        jsonb       not null,
    state          text        not null default 'QUEUED' check (state in ('QUEUED', 'RUNNING', 'DONE', 'FAILED', 'STOPPED')),
    stop_requested boolean     not null default false,
    attempt        int         not null default 0,
    lost           int         not null default 0,
    worker         text,
    heartbeat_at   timestamptz,
    done           bigint      not null default 0,
    total          bigint      not null default 0,
    note           text        not null default '',
    message        text        not null default '',
    result         jsonb,
    requested_by   text        not null,
    created_at     timestamptz not null default now(),
    started_at     timestamptz,
    ended_at       timestamptz,
    check (state <> 'RUNNING' or (worker is not null and heartbeat_at is not null))
);
create index work_request_waiting on work_request (id) where state in ('QUEUED', 'RUNNING');

-- A training run; continuing in the same output folder continues the same row.
create table training_run (
    id              bigint generated always as identity primary key,
    name            text             not null,
    objective       text             not null,
    state           text             not null check (state in ('RUNNING', 'DONE', 'STOPPED', 'FAILED')),
    config          jsonb            not null,
    output          text             not null unique,
    data_set        text             not null,
    backend         text             not null,
    backend_version text             not null,
    step            bigint           not null default 0,
    total_steps     bigint           not null,
    first_loss      double precision,
    last_loss       double precision,
    message         text             not null default '',
    started_at      timestamptz      not null default now(),
    updated_at      timestamptz      not null default now(),
    ended_at        timestamptz
);

create table training_metric (
    run_id bigint           not null references training_run (id) on delete cascade,
    name   text             not null,
    step   bigint           not null,
    value  double precision not null,
    at     timestamptz      not null default now(),
    primary key (run_id, name, step)
);

create table training_checkpoint (
    run_id bigint      not null references training_run (id) on delete cascade,
    step   bigint      not null,
    folder text        not null,
    digest text        not null,
    at     timestamptz not null default now(),
    primary key (run_id, step)
);

-- A version never changes; the digest is the one of its weights.
create table model (
    id           bigint generated always as identity primary key,
    name         text        not null,
    version      text        not null,
    folder       text        not null,
    digest       text        not null,
    task         text        not null,
    architecture text        not null,
    parameters   bigint      not null,
    max_tokens   int         not null,
    run_id       bigint references training_run (id) on delete set null,
    created_at   timestamptz not null default now(),
    unique (name, version)
);
create index model_run on model (run_id);

create table inference (
    id              uuid primary key,
    at              timestamptz not null,
    caller          text        not null,
    method          text        not null,
    model           text        not null,
    model_version   text        not null,
    backend         text        not null,
    backend_version text        not null,
    precision       text        not null,
    tokens          int         not null,
    tokenize_nanos  bigint      not null,
    queue_nanos     bigint      not null,
    compute_nanos   bigint      not null,
    total_nanos     bigint      not null,
    batch_size      int         not null,
    status          text        not null,
    message         text        not null,
    payload_digest  text        not null
);
create index inference_newest on inference (at desc, id desc);
create index inference_model on inference (model, at desc);
create index inference_failed on inference (status, at desc) where status <> 'OK';

-- Processes of the platform, by heartbeat.
create table node (
    id               uuid primary key,
    roles            text        not null,
    host             text        not null,
    pid              bigint      not null,
    version          text        not null,
    address          text        not null default '',
    selection_report jsonb,
    started_at       timestamptz not null default now(),
    heartbeat_at     timestamptz not null default now(),
    ended_at         timestamptz
);
create index node_alive on node (heartbeat_at) where ended_at is null;

create table console_user (
    name          text primary key,
    password_hash text        not null,
    role          text        not null check (role in ('VIEWER', 'OPERATOR', 'ADMIN')),
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now()
);

-- Who did what. Rows are added only.
create table audit (
    id      bigint generated always as identity primary key,
    at      timestamptz not null default now(),
    actor   text        not null,
    action  text        not null,
    subject text        not null,
    detail  jsonb
);
create index audit_newest on audit (at desc);
