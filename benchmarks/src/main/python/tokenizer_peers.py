"""Times Hugging Face's tokenizers on the texts of files, on one thread.

Arguments: folder of the tokenizer, file with the paths of the texts, runs.
Output: a line per way to call it, tab separated: name, version, SHA-256 of all ids as little-endian int32,
seconds of each run; or a name, a version and why there is nothing.
"""

import array
import hashlib
import os
import re
import sys
import time

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

folder, listed, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])

try:
    import tokenizers
except ImportError as missing:
    print(f"tokenizers\tnone\tnot installed: {missing.name}", flush=True)
    sys.exit(0)

PIECE = 10_000
# A cut before a space that a letter follows is a cut of the pre-tokenizer, too: the ids stay as they are.
CUT = re.compile(r"(?<=[a-z]) (?=[a-z])")


def load():
    whole = os.path.join(folder, "tokenizer.json")
    if os.path.exists(whole):
        return tokenizers.Tokenizer.from_file(whole)
    return tokenizers.ByteLevelBPETokenizer(
        os.path.join(folder, "vocab.json"), os.path.join(folder, "merges.txt")
    )._tokenizer


def pieces(text):
    start = 0
    while start < len(text):
        cut = CUT.search(text, start + PIECE)
        end = cut.start() if cut else len(text)
        yield text[start:end]
        start = end


def measure(name, batch, call):
    taken = []
    digest = ""
    for run in range(runs + 1):
        begin = time.perf_counter()
        found = call(batch)
        end = time.perf_counter() - begin
        if run > 0:
            taken.append(end)
        else:
            ids = hashlib.sha256()
            for encoding in found:
                numbers = array.array("i", encoding.ids)
                if sys.byteorder == "big":
                    numbers.byteswap()
                ids.update(numbers.tobytes())
            digest = ids.hexdigest()
        del found
    print("\t".join([name, tokenizers.__version__, digest, *[f"{s:.6f}" for s in taken]]), flush=True)


tokenizer = load()
texts = []
with open(listed, encoding="utf-8") as paths:
    for path in paths.read().splitlines():
        with open(path, encoding="utf-8", newline="") as text:
            texts.append(text.read())
cut = [piece for text in texts for piece in pieces(text)]
encode = lambda batch: [tokenizer.encode(text, add_special_tokens=False) for text in batch]
measure("tokenizers, whole texts", texts, encode)
measure("tokenizers, pieces of 10 kB", cut, encode)
if hasattr(tokenizer, "encode_batch_fast"):
    fast = lambda batch: tokenizer.encode_batch_fast(batch, add_special_tokens=False)
    measure("tokenizers, pieces, without offsets", cut, fast)
