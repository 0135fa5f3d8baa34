#!/usr/bin/env bash
# Fine-tuning on 2,000 movie reviews (Pang and Lee, CC BY 4.0) against logistic regression on a bag of words
# (scikit-learn): train 1,600, test 400, the same texts for both. The model is a small RoBERTa of words, trained on books
# for a short time, converted to 1,024 tokens; its first token is global. Writes OUT/reviews.csv.
# Usage: reviews.sh MOVIE_REVIEWS.zip BOOKS OUT [STEPS] [EPOCHS] [SEEDS] [MOST]
# MOST is how many reviews of each class are used (all 1,000).
# longspan and python3 (or $PYTHON) with scikit-learn have to be there. What OUT already has is not done again.
set -euo pipefail
archive=$1 books=$2 out=$3 steps=${4:-300} epochs=${5:-5} seeds=${6:-"1 2 3"} most=${7:-1000}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=${PYTHON:-python3}
tokenizer=${LONGSPAN_TOKENIZER:-$(dirname "$(readlink -f "$(command -v longspan)")")/../demo/tokenizer}
mkdir -p "$out"
out=$(cd "$out" && pwd)
"$python" "$here/reviews.py" split "$archive" "$out" "$most"
[ -f "$out/words/manifest.json" ] || longspan ingest run --corpus books --source "$books" --tokenizer "$tokenizer" --out "$out/words"
echo "model,seed,accuracy" > "$out/reviews.csv"
"$python" "$here/reviews.py" baseline "$out" | tee -a "$out/reviews.csv"
last() { find "$1" -maxdepth 1 -name 'step-*' | sort | tail -1; }
for seed in $seeds; do
    run=$out/seed-$seed
    mkdir -p "$run"
    [ -d "$run/roberta" ] || longspan init --preset roberta-tiny --seed "$seed" --tokenizer "$tokenizer" --to "$run/roberta"
    cat > "$run/words.yaml" <<Y
model: $run/roberta
data: $out/words
output: $run/words
steps: $steps
tokens_per_step: 4096
learning_rate: 3e-3
schedule: linear
hidden_dropout: 0
attention_dropout: 0
evaluation_every: 0
evaluation_blocks: 8
seed: $seed
Y
    longspan train "$run/words.yaml" --json
    [ -d "$run/longformer" ] || longspan convert --from "$(last "$run/words")" --to "$run/longformer" --positions 1024 --window 128
    cat > "$run/reviews.yaml" <<Y
objective: classification
model: $run/longformer
train: $out/train.jsonl
validation: $out/test.jsonl
output: $run/reviews
epochs: $epochs
examples_per_step: 16
learning_rate: 1e-3
schedule: linear
hidden_dropout: 0
attention_dropout: 0
sequence_length: 1024
truncate: true
seed: $seed
Y
    longspan train "$run/reviews.yaml" --json
    accuracy=$(longspan train evaluate "$(last "$run/reviews")" "$out/test.jsonl" --truncate --sequence-length 1024 --json |
        sed -n 's/.*"accuracy" *: *\([0-9.]*\).*/\1/p')
    echo "longformer,$seed,$accuracy" | tee -a "$out/reviews.csv"
done
