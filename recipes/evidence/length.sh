#!/usr/bin/env bash
# Which initialisation of new positions is best (the paper's Table 5), on a small model, fixed settings, three seeds:
# a RoBERTa-shaped model of bytes (roberta-bytes.json) is trained on books at 64 and then 512 tokens, converted to 2,048, and measured
# with copied positions, with random ones, and after continued training. Writes one line per seed and kind to
# OUT/length.csv, what counting gives to OUT/baselines.csv, and the curves of the runs to OUT/length.svg.
# Usage: length.sh BOOKS OUT [STEPS] [MORE] [SEEDS]
# longspan has to be on the PATH; it needs a running store, as train does. What OUT already has is not done again.
set -euo pipefail
books=$1 out=$2 steps=${3:-1000} more=${4:-100} seeds=${5:-"1 2 3"}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tokenizer=$here/../bytes
mkdir -p "$out"
out=$(cd "$out" && pwd)
for part in train validation; do
    [ -f "$out/$part/manifest.json" ] || longspan ingest run --corpus books --source "$books" --split $part \
        --validation-permille 150 --tokenizer "$tokenizer" --out "$out/$part"
done
[ -s "$out/baselines.csv" ] || python3 "$here/baselines.py" "$out/train" "$out/validation" > "$out/baselines.csv"
[ -s "$out/length.csv" ] || echo "seed,kind,length,bits_per_token" > "$out/length.csv"
measure() { # SEED KIND MODEL LENGTH
    grep -q "^$1,$2,$4," "$out/length.csv" && return
    local bits
    bits=$(longspan train evaluate "$3" "$out/validation" --sequence-length "$4" --blocks $((262144 / $4)) --json |
        sed -n 's/.*"bits_per_token" *: *\([0-9.]*\).*/\1/p')
    echo "$1,$2,$4,$bits" | tee -a "$out/length.csv"
}
train() { # MODEL OUTPUT STEPS LENGTH TOKENS RATE SEED SCHEDULE
    printf 'objective: masked-lm\nmodel: %s\noutput: %s\nsteps: %s\nsequence_length: %s\ntokens_per_step: %s\nlearning_rate: %s\nseed: %s\nschedule: %s\n' "$@" > "$2.yaml"
    printf 'data: %s\ntokens_per_batch: 4096\nhidden_dropout: 0\nattention_dropout: 0\nevaluation_every: 0\nevaluation_blocks: 8\ncheckpoint_every: 1000\nkeep_checkpoints: 1\n' "$out/train" >> "$2.yaml"
    longspan train "$2.yaml" --json | tee "$2.json"
    runs+=("$(sed -n 's/.*"run" *: *\([0-9]*\).*/\1/p' "$2.json" | tail -1)")
}
last() { find "$1" -maxdepth 1 -name 'step-*' | sort | tail -1; }
runs=()
for seed in $seeds; do
    run=$out/seed-$seed
    mkdir -p "$run"
    if [ ! -d "$run/roberta" ]; then
        longspan init --config "$here/roberta-bytes.json" --seed "$seed" --tokenizer "$tokenizer" --to "$run/roberta.new"
        python3 "$here/positions.py" waves "$run/roberta.new"
        mv "$run/roberta.new" "$run/roberta"
    fi
    # Short sequences first: among 64 tokens a head soon finds that its neighbours matter, among 512 hardly ever.
    train "$run/roberta" "$run/early" $((steps * 6 / 10)) 64 4096 2e-3 "$seed" constant
    train "$(last "$run/early")" "$run/short" "$steps" 512 4096 1e-3 "$seed" linear
    short=$(last "$run/short")
    measure "$seed" roberta "$short" 512
    [ -d "$run/copied" ] || longspan convert --from "$short" --to "$run/copied" --positions 2048 --window 512
    measure "$seed" copied "$run/copied" 2048
    [ -d "$run/random" ] || python3 "$here/positions.py" random "$run/copied" "$run/random" 512 "$seed"
    measure "$seed" random "$run/random" 2048
    train "$run/copied" "$run/more" "$more" 2048 8192 3e-4 "$seed" linear
    measure "$seed" continued "$(last "$run/more")" 2048
    # The same number of steps at the old length, so that what is longer and what is more training can be told apart.
    train "$short" "$run/control" "$more" 512 8192 3e-4 "$seed" linear
    measure "$seed" control "$(last "$run/control")" 512
done
longspan runs compare "${runs[@]}" --svg "$out/length.svg"
