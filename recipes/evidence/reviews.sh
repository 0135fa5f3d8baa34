#!/usr/bin/env bash
# Fine-tuning on 2,000 movie reviews (Pang and Lee, CC BY 4.0) against logistic regression on a bag of words
# (scikit-learn). Train 1,600, test 400, the same texts for both. Writes OUT/reviews.csv.
# Usage: reviews.sh MOVIE_REVIEWS.zip MODEL OUT [EPOCHS]   (MODEL: a Longformer with its tokenizer, such as length.sh makes)
set -euo pipefail
archive=$1 model=$2 out=$3 epochs=${4:-4}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$out"
python3 "$here/reviews.py" split "$archive" "$out"
cat > "$out/reviews.yaml" <<Y
objective: classification
model: $model
train: $out/train.jsonl
validation: $out/test.jsonl
output: $out/run
epochs: $epochs
examples_per_step: 16
learning_rate: 5e-4
sequence_length: 1024
truncate: true
Y
longspan train "$out/reviews.yaml"
last=$(find "$out/run" -maxdepth 1 -name 'step-*' | sort | tail -1)
echo "model,accuracy" > "$out/reviews.csv"
echo "longformer,$(longspan train evaluate "$last" "$out/test.jsonl" --truncate --sequence-length 1024 --json |
    sed -n 's/.*"accuracy" *: *\([0-9.]*\).*/\1/p')" | tee -a "$out/reviews.csv"
python3 "$here/reviews.py" baseline "$out" | tee -a "$out/reviews.csv"
