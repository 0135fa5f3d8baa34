-- Keys with which programs call. Only a hash of the secret is kept; the prefix finds the row.
create table api_key (
    id          bigint generated always as identity primary key,
    name        text        not null,
    prefix      text        not null unique,
    secret_hash text        not null,
    scopes      text[]      not null check (cardinality(scopes) > 0),
    created_by  text        not null,
    created_at  timestamptz not null default now(),
    expires_at  timestamptz,
    revoked_at  timestamptz,
    revoked_by  text,
    last_used_at timestamptz,
    check ((revoked_at is null) = (revoked_by is null))
);

-- Sessions of the console, in the layout that Spring Session wants.
create table console_session (
    primary_id            char(36) primary key,
    session_id            char(36) not null unique,
    creation_time         bigint   not null,
    last_access_time      bigint   not null,
    max_inactive_interval int      not null,
    expiry_time           bigint   not null,
    principal_name        varchar(100)
);
create index console_session_expiry on console_session (expiry_time);
create index console_session_principal on console_session (principal_name);
create table console_session_attributes (
    session_primary_id char(36)     not null references console_session (primary_id) on delete cascade,
    attribute_name     varchar(200) not null,
    attribute_bytes    bytea        not null,
    primary key (session_primary_id, attribute_name)
);

alter table console_user add column disabled boolean not null default false;
alter table console_user add column last_login_at timestamptz;

-- What the console's lists are filtered by, each in the order in which they are paged.
create index work_request_state on work_request (state, id desc);
create index work_request_kind on work_request (kind, id desc);
create index work_request_ended on work_request (ended_at desc) where ended_at is not null;
create index work_request_out on work_request using hash ((payload ->> 'out')) where kind = 'INGEST';
create index work_request_output on work_request using hash ((payload ->> 'output')) where kind = 'TRAIN';
-- A hash, since a folder's name may be longer than what a tree takes.
create index batch_job_execution_params_out on batch_job_execution_params using hash (parameter_value) where parameter_name = 'out';
create index training_run_newest on training_run (started_at desc, id desc);
create index training_run_state on training_run (state, id desc);
create index training_run_updated on training_run (updated_at desc);
create index training_run_data_set on training_run using hash (data_set);
create index data_set_updated on data_set (updated_at desc);
create index inference_caller on inference (caller, at desc, id desc);
create index inference_method on inference (method, at desc, id desc);
create index inference_times on inference (at) include (model, method, status, total_nanos, tokens);
create index audit_actor on audit (actor, id desc);
create index audit_action on audit (action, id desc);
