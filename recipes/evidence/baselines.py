"""What counting gives: bits per token of a data set by the frequencies of tokens, and of pairs of neighbours, in another.

Usage: baselines.py TRAIN UNSEEN [SHARE]    folders that 'longspan ingest' made. SHARE is the share of tokens that masked
language modelling hides (0.15): a hidden left neighbour helps nobody, so that share of the pairs falls back to the
frequencies of tokens. Both are smoothed by adding one to every count. Needs Python 3 and nothing else.
"""

import json
import sys
from array import array
from collections import Counter
from math import log2
from pathlib import Path


def tokens(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    read = array("H" if manifest["dtype"] == "uint16" else "i")
    for shard in sorted(folder.glob("*.bin")):
        read.frombytes(shard.read_bytes())
    if sys.byteorder == "big":
        read.byteswap()
    return read, manifest["tokenizer"]["vocabulary_size"]


train, vocabulary = tokens(Path(sys.argv[1]))
unseen, _ = tokens(Path(sys.argv[2]))
hidden = float(sys.argv[3]) if len(sys.argv) > 3 else 0.15
single, pairs = Counter(train), Counter(zip(train, train[1:]))


def of_single(token):
    return (single[token] + 1) / (len(train) + vocabulary)


def of_pair(before, token):
    return (pairs[before, token] + 1) / (single[before] + vocabulary)


alone = -sum(n * log2(of_single(t)) for t, n in Counter(unseen).items()) / len(unseen)
found = Counter(zip(unseen, unseen[1:]))
paired = -sum(n * log2(of_pair(a, b)) for (a, b), n in found.items()) / sum(found.values())
print(f"tokens,{alone:.4f}")
print(f"pairs,{hidden * alone + (1 - hidden) * paired:.4f}")
