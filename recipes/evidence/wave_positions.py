"""Writes waves into the position rows of a checkpoint, in place: sines and cosines whose lengths grow from row component
to row component, with the deviation that drawn rows have (initializer_range). They are trained like any others.

With drawn rows a model this small finds out in no reasonable time that neighbours matter: it would have to learn "the token
before" for each of 512 positions apart. Waves turn a step in position into one and the same rotation everywhere.

Usage: wave_positions.py CHECKPOINT. Needs Python 3 and nothing else; the weights are F32.
"""

import json
import math
import struct
import sys
from array import array
from pathlib import Path

RESERVED = 2  # rows 0 and 1 stand for no position

folder = Path(sys.argv[1])
height = math.sqrt(2) * json.loads((folder / "config.json").read_text())["initializer_range"]
file = folder / "model.safetensors"
content = bytearray(file.read_bytes())
(length,) = struct.unpack("<Q", content[:8])
header = json.loads(content[8 : 8 + length])
name = next(n for n in header if n.endswith("embeddings.position_embeddings.weight"))
info = header[name]
if info["dtype"] != "F32":
    sys.exit(f"{name} is {info['dtype']}; it must be F32")
rows, width = info["shape"]
waves = array("f")
for position in range(rows - RESERVED):
    for pair in range(width // 2):
        angle = position / 10000 ** (2 * pair / width)
        waves.extend((height * math.sin(angle), height * math.cos(angle)))
if sys.byteorder == "big":
    waves.byteswap()
at = 8 + length + info["data_offsets"][0] + 4 * width * RESERVED
content[at : at + 4 * len(waves)] = waves.tobytes()
file.write_bytes(content)
