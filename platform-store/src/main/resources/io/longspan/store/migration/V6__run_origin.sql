-- What made a run's numbers, beside its settings.
alter table training_run add column code_version text not null default '';
alter table training_run add column settings_digest text not null default '';
alter table training_run add column data_digest text not null default '';
alter table training_run add column parameters bigint not null default 0;

-- The data sets that a run reads, in the order of its settings. Runs of earlier versions have the folder in data_set only.
create table training_run_data (
    run_id bigint           not null references training_run (id) on delete cascade,
    place  int              not null,
    name   text             not null,
    folder text             not null,
    weight double precision not null,
    primary key (run_id, place)
);
-- A hash, since a folder's name may be longer than what a tree takes.
create index training_run_data_folder on training_run_data using hash (folder);
