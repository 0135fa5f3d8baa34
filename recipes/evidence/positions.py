"""Writes rows of positions into a checkpoint.

Usage: positions.py waves CHECKPOINT           in place: sines and cosines whose lengths grow from component to component
       positions.py random FROM TO KEPT SEED   a copy of FROM whose rows from KEPT on are drawn anew, normal

Both have the deviation that drawn rows have (initializer_range), and are trained like any others. With drawn rows a small
model finds out in no reasonable time that neighbours matter: it would have to learn "the token before" for each of 512
positions apart. Waves turn a step in position into one and the same rotation everywhere.

Needs Python 3 and nothing else; the weights are F32.
"""

import json
import math
import random
import shutil
import struct
import sys
from array import array
from pathlib import Path

RESERVED = 2  # rows 0 and 1 stand for no position


def write(folder, first, rows_of):
    """Replaces the rows from position `first` on by rows_of(count, width, deviation)."""
    deviation = json.loads((folder / "config.json").read_text())["initializer_range"]
    file = folder / "model.safetensors"
    content = bytearray(file.read_bytes())
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    name = next(n for n in header if n.endswith("embeddings.position_embeddings.weight"))
    info = header[name]
    if info["dtype"] != "F32":
        sys.exit(f"{name} is {info['dtype']}; it must be F32")
    rows, width = info["shape"]
    fresh = array("f", rows_of(rows - RESERVED - first, width, deviation))
    if sys.byteorder == "big":
        fresh.byteswap()
    at = 8 + length + info["data_offsets"][0] + 4 * width * (RESERVED + first)
    content[at : at + 4 * len(fresh)] = fresh.tobytes()
    file.write_bytes(content)


def waves(count, width, deviation):
    height = math.sqrt(2) * deviation
    for position in range(count):
        for pair in range(width // 2):
            angle = position / 10000 ** (2 * pair / width)
            yield height * math.sin(angle)
            yield height * math.cos(angle)


match sys.argv[1:]:
    case ["waves", checkpoint]:
        write(Path(checkpoint), 0, waves)
    case ["random", source, target, kept, seed]:
        shutil.copytree(source, target)
        draw = random.Random(int(seed))
        write(Path(target), int(kept), lambda count, width, deviation: (draw.gauss(0, deviation) for _ in range(count * width)))
    case _:
        sys.exit(__doc__)
