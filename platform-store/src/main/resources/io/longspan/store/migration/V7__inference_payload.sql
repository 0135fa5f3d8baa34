-- The trace of the caller's that a call was part of; empty for none. Nulls are allowed for the sake of servers of the version
-- before: they write rows through a copy of this table that keeps what must not be null and loses the defaults.
alter table inference add column trace text default '';

-- What callers sent and were answered, where a server keeps it: messages of the wire, each behind its length, cut when they are long.
create table inference_payload (
    id            uuid primary key,
    at            timestamptz not null,
    caller        text        not null,
    request       bytea       not null,
    request_size  bigint      not null,
    answer        bytea       not null,
    answer_size   bigint      not null,
    ends_at       timestamptz not null
);
create index inference_payload_caller on inference_payload (caller, at);
create index inference_payload_at on inference_payload (at);
create index inference_payload_end on inference_payload (ends_at);

-- What a caller had deleted stays away, also when it still waits in a server's spool.
create table payload_deletion (
    caller text primary key,
    before timestamptz not null
);
