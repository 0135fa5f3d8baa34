#!/usr/bin/env bash
# Memory of ingests of generated corpora: for each size, JSON lines are cut out of books, ingested once, deleted; prints a line
# of CSV: megabytes, seconds, the most that the JVM held (VmHWM), the most of JVM and database together.
# Usage: ingest_memory.sh BOOKS FOLDER "500 5000" [options of ingest run, such as --unique]
# LONGSPAN_INGEST_THREADS says how many workers (2). longspan and python3 (or $PYTHON) have to be there, and the disk needs
# half as much again as the largest size.
set -euo pipefail
books=$1 folder=$2 sizes=$3
shift 3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
# A process and all below it.
tree() { echo "$1"; for child in $(pgrep -P "$1"); do tree "$child"; done; }
kilobytes() { awk -v key="$2:" '$1 == key { print $2 }' "/proc/$1/status" 2>/dev/null || true; }
echo "megabytes,seconds,jvm_mib,all_mib"
for size in $sizes; do
    "${PYTHON:-python3}" "$here/ingest_memory.py" "$books" "$folder/$size.jsonl" "$size" >&2
    rm -rf "$folder/data-$size" "$folder/home-$size"
    begin=$(date +%s)
    mkdir -p "$folder/home-$size"
    # exec, so that the process is the JVM's own; the database lies in the working folder.
    (cd "$folder/home-$size" && LONGSPAN_INGEST_THREADS=${LONGSPAN_INGEST_THREADS:-2} exec longspan ingest run \
        --corpus jsonl --source "$folder/$size.jsonl" --out "$folder/data-$size" "$@") >&2 &
    job=$!
    jvm=0 all=0
    while kill -0 $job 2>/dev/null; do
        now=$(kilobytes $job VmRSS)
        peak=$(kilobytes $job VmHWM)
        jvm=${peak:-$jvm}
        # The database is a session of its own. Its processes share memory, so each is counted with its part of that.
        server=$(head -qn 1 "$folder/home-$size"/.longspan/postgres/*/postmaster.pid "$folder/home-$size"/.longspan/postgres/postmaster.pid 2>/dev/null | head -1 || true)
        for process in ${server:+$(tree "$server")}; do
            part=$(awk '/^Pss:/ { print $2 }' "/proc/$process/smaps_rollup" 2>/dev/null || true)
            now=$((${now:-0} + ${part:-0}))
        done
        now=${now:-0}
        [ $now -gt $all ] && all=$now
        sleep 0.5
    done
    wait $job
    echo "$size,$(($(date +%s) - begin)),$((jvm / 1024)),$((all / 1024))"
    rm -rf "$folder/$size.jsonl" "$folder/data-$size" "$folder/home-$size"
done
