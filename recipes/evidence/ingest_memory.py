"""JSON lines of a wanted size, cut at random out of books: `ingest_memory.py BOOKS OUT.jsonl MEGABYTES [SEED]`.

Documents of 1 to 40 kB, each of which stands once, so that nothing of the size is left out; one in a thousand has 4 MB.
"""
import json
import pathlib
import random
import sys

books, out, megabytes = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
seed = int(sys.argv[4]) if len(sys.argv) > 4 else 8
print(f"seed {seed}")
draw = random.Random(seed)
text = "\n".join(file.read_text(encoding="utf-8-sig", errors="replace") for file in sorted(books.glob("*.txt")))
written = number = 0
with open(out, "w", encoding="utf-8") as lines:
    while written < megabytes * 1_000_000:
        length = 4_000_000 if number % 1000 == 999 else draw.randint(1_000, 40_000)
        start = draw.randrange(max(1, len(text) - length))
        row = json.dumps({"id": str(number), "text": f"{number}. " + text[start : start + length]}, ensure_ascii=False)
        lines.write(row + "\n")
        written += len(row.encode()) + 1
        number += 1
print(f"{number} documents, {written} bytes")
