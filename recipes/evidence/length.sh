#!/usr/bin/env bash
# Which initialisation of new positions is best (the paper's Table 5), on a small model, fixed settings, three seeds:
# a RoBERTa-shaped model is trained on books at 512 tokens, converted to 2,048, and measured with copied positions, with
# random ones, and after continued training. Writes one line per seed and kind to OUT/length.csv.
# Usage: length.sh BOOKS OUT [STEPS] [MORE] [SEEDS]   (longspan has to be on the PATH; needs a running store, as train does)
set -euo pipefail
books=$1 out=$2 steps=${3:-300} more=${4:-40} seeds=${5:-"1 2 3"}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$out"
out=$(cd "$out" && pwd)
tokenizer=${LONGSPAN_TOKENIZER:-$(dirname "$(readlink -f "$(command -v longspan)")")/../demo/tokenizer}
[ -d "$out/books" ] || longspan ingest run --corpus books --source "$books" --split train --validation-permille 100 --tokenizer "$tokenizer" --out "$out/books"
[ -d "$out/unseen" ] || longspan ingest run --corpus books --source "$books" --split validation --validation-permille 100 --tokenizer "$tokenizer" --out "$out/unseen"
echo "seed,kind,length,bits_per_token" > "$out/length.csv"
measure() { # SEED KIND MODEL LENGTH
    bits=$(longspan train evaluate "$3" "$out/unseen" --sequence-length "$4" --blocks $((65536 / $4)) --json |
        sed -n 's/.*"bits_per_token" *: *\([0-9.]*\).*/\1/p')
    echo "$1,$2,$4,$bits" | tee -a "$out/length.csv"
}
settings() { # MODEL DATA OUTPUT STEPS LENGTH RATE SEED
    printf 'objective: masked-lm\nmodel: %s\ndata: %s\noutput: %s\nsteps: %s\nsequence_length: %s\nlearning_rate: %s\nseed: %s\n' "$@"
    printf 'tokens_per_step: 8192\ntokens_per_batch: 4096\nhidden_dropout: 0\nattention_dropout: 0\nevaluation_every: 0\nevaluation_blocks: 8\n'
}
last() { find "$1" -maxdepth 1 -name 'step-*' | sort | tail -1; }
for seed in $seeds; do
    run=$out/seed-$seed
    mkdir -p "$run"
    [ -d "$run/roberta" ] || longspan init --preset roberta-tiny --seed "$seed" --tokenizer "$tokenizer" --to "$run/roberta"
    settings "$run/roberta" "$out/books" "$run/short" "$steps" 512 3e-3 "$seed" > "$run/short.yaml"
    longspan train "$run/short.yaml"
    short=$(last "$run/short")
    measure "$seed" roberta "$short" 512
    [ -d "$run/copied" ] || longspan convert --from "$short" --to "$run/copied" --positions 2048 --window 512
    measure "$seed" copied "$run/copied" 2048
    [ -d "$run/random" ] || python3 "$here/random_positions.py" "$run/copied" "$run/random" 512 "$seed"
    measure "$seed" random "$run/random" 2048
    settings "$run/copied" "$out/books" "$run/more" "$more" 2048 3e-4 "$seed" > "$run/more.yaml"
    longspan train "$run/more.yaml"
    measure "$seed" continued "$(last "$run/more")" 2048
    # The same number of steps at the old length, so that what is longer and what is more training can be told apart.
    settings "$short" "$out/books" "$run/control" "$more" 512 3e-4 "$seed" > "$run/control.yaml"
    longspan train "$run/control.yaml"
    measure "$seed" control "$(last "$run/control")" 512
done
