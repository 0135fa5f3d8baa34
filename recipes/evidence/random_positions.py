"""Copies a checkpoint and draws its position rows from KEPT on anew (normal, deviation initializer_range).

Usage: random_positions.py FROM TO KEPT SEED. Needs Python 3 and nothing else; the weights are F32.
"""

import json
import random
import shutil
import struct
import sys
from array import array
from pathlib import Path

RESERVED = 2  # rows 0 and 1 stand for no position

source, target, kept, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
shutil.copytree(source, target)
deviation = json.loads((target / "config.json").read_text())["initializer_range"]
file = target / "model.safetensors"
content = bytearray(file.read_bytes())
(length,) = struct.unpack("<Q", content[:8])
header = json.loads(content[8 : 8 + length])
name = next(n for n in header if n.endswith("embeddings.position_embeddings.weight"))
info = header[name]
if info["dtype"] != "F32":
    sys.exit(f"{name} is {info['dtype']}; it must be F32")
rows, width = info["shape"]
start = 8 + length + info["data_offsets"][0]
draw = random.Random(seed)
fresh = array("f", (draw.gauss(0, deviation) for _ in range((rows - RESERVED - kept) * width)))
if sys.byteorder == "big":
    fresh.byteswap()
at = start + 4 * width * (RESERVED + kept)
content[at : at + 4 * len(fresh)] = fresh.tobytes()
file.write_bytes(content)
