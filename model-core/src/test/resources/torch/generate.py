#!/usr/bin/env python3
"""Small PyTorch files for the tests of the reader, good and bad.

    python3 -m venv .venv && .venv/bin/pip install torch transformers safetensors numpy
    .venv/bin/python generate.py OUT_DIR

None of the bad ones is dangerous to read with a reader that runs nothing; do not open them with torch.load(weights_only=False).
"""
import io, json, os, pickle, struct, sys, zipfile
from collections import OrderedDict

import torch
from safetensors.torch import save_file
from transformers import LongformerConfig, LongformerForMaskedLM


def kinds(out):
    """Every type, every way a tensor can lie in its storage."""
    torch.manual_seed(7)
    table = torch.randn(6, 5)
    tensors = OrderedDict(
        plain=torch.randn(3, 4),
        parameter=torch.nn.Parameter(torch.randn(2, 3)),
        transposed=table.t(),
        middle=table[2:4, 1:4],
        every_second=table[::2, ::2],
        whole=table,
        scalar=torch.tensor(2.5),
        empty=torch.zeros(0, 4),
        one_row=torch.arange(5).expand(1, -1),
        f64=torch.randn(3, dtype=torch.float64),
        f16=torch.randn(3).half(),
        bf16=torch.randn(3).bfloat16(),
        i64=torch.tensor([-(2**40), 3]),
        i32=torch.tensor([-(2**20), 3], dtype=torch.int32),
        i16=torch.tensor([-300, 3], dtype=torch.int16),
        i8=torch.tensor([-3, 3], dtype=torch.int8),
        u8=torch.tensor([200, 3], dtype=torch.uint8),
        flags=torch.tensor([True, False]),
    )
    torch.save(tensors, f"{out}/kinds.bin")
    torch.save(tensors, f"{out}/kinds-protocol-4.bin", pickle_protocol=4)
    torch.save({"epoch": 3, "state_dict": tensors, "loss": 0.5}, f"{out}/nested.bin")
    save_file({k: v.detach().contiguous().clone() for k, v in tensors.items()}, f"{out}/kinds.safetensors")
    torch.save(tensors, f"{out}/legacy.bin", _use_new_zipfile_serialization=False)
    rewrite(f"{out}/kinds.bin", f"{out}/compressed.bin", zipfile.ZIP_DEFLATED, lambda name, data: data)
    rewrite(f"{out}/kinds.bin", f"{out}/big-endian.bin", zipfile.ZIP_STORED,
            lambda name, data: b"big" if name.endswith("byteorder") else data)


def model(out):
    """A whole checkpoint, in one file and in two, beside the same in safetensors."""
    torch.manual_seed(11)
    config = LongformerConfig(vocab_size=20, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=12,
                              max_position_embeddings=18, attention_window=[4], layer_norm_eps=1e-5, type_vocab_size=1,
                              pad_token_id=1, bos_token_id=0, eos_token_id=2, sep_token_id=2)
    m = LongformerForMaskedLM(config).eval()
    single, sharded, plain = (f"{out}/{x}" for x in ("model-bin", "model-bin-sharded", "model-safetensors"))
    for folder in (single, sharded, plain):
        os.makedirs(folder, exist_ok=True)
        m.config.save_pretrained(folder)
    state = m.state_dict()
    torch.save(state, f"{single}/pytorch_model.bin")
    names = list(state)
    index = {"metadata": {}, "weight_map": {}}
    for i, part in enumerate((names[: len(names) // 2], names[len(names) // 2:])):
        file = f"pytorch_model-{i + 1:05d}-of-00002.bin"
        torch.save({n: state[n] for n in part}, f"{sharded}/{file}")
        index["weight_map"].update({n: file for n in part})
    json.dump(index, open(f"{sharded}/pytorch_model.bin.index.json", "w"))
    m.save_pretrained(plain)


def rewrite(source, target, method, change):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", method) as new:
        for info in old.infolist():
            new.writestr(zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0)), change(info.filename, old.read(info)), method)


def archive(path, pickled, storages=()):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as z:
        def put(name, data): z.writestr(zipfile.ZipInfo("archive/" + name, (1980, 1, 1, 0, 0, 0)), data)
        put("data.pkl", pickled); put("byteorder", b"little"); put("version", b"3\n")
        for key, data in storages: put("data/" + key, data)


class Call:
    def __init__(self, function, *args): self.what = (function, args)
    def __reduce__(self): return self.what


class Built:
    """An object whose state is another object that runs something."""


def text(s): return b"X" + struct.pack("<I", len(s)) + s.encode()


def bad(out):
    run = Call(os.system, "echo run")
    archive(f"{out}/os-system.bin", pickle.dumps({"w": run}, 2))
    archive(f"{out}/builtins-eval.bin", pickle.dumps({"w": Call(eval, "1+1")}, 4))
    archive(f"{out}/nested-in-reduce.bin", pickle.dumps(OrderedDict(w=Call(OrderedDict, [("k", run)])), 2))
    # BUILD: state of an OrderedDict that is the result of a call
    archive(f"{out}/nested-in-build.bin", b"\x80\x02ccollections\nOrderedDict\n)R}" + text("s") + b"cos\nsystem\n"
            + text("id") + b"\x85Rsb.")
    archive(f"{out}/nested-in-newobj.bin", b"\x80\x02csubprocess\nPopen\n" + text("id") + b"\x85\x81.")
    archive(f"{out}/newobj.bin", b"\x80\x02ccollections\nOrderedDict\n)\x81.")
    archive(f"{out}/inst.bin", b"(" + text("id") + b"ios\nsystem\n.")
    archive(f"{out}/obj.bin", b"(cos\nsystem\n" + text("id") + b"o.")
    archive(f"{out}/obj-allowed.bin", b"(ccollections\nOrderedDict\no.")
    archive(f"{out}/extension.bin", b"\x80\x02\x82\x01.")
    archive(f"{out}/persistent-code.bin", b"\x80\x02(" + text("module") + b"cos\nsystem\n" + text("0") + text("cpu") + b"K\x01tQ.")
    archive(f"{out}/build-on-tuple.bin", b"\x80\x02)}b.")
    archive(f"{out}/call-storage.bin", b"\x80\x02ctorch\nFloatStorage\nK\x04\x85R.")
    archive(f"{out}/attribute-of-known.bin", b"\x80\x02ctorch._utils\n_rebuild_tensor_v2.__globals__\n.")
    # A tensor of 2^40 values that are all the one stored value
    view = (b"\x80\x02}" + text("w") + b"ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + b"ctorch\nFloatStorage\n"
            + text("0") + text("cpu") + b"K\x01tQK\x00\x8a\x06\0\0\0\0\0\x01\x85K\x00\x85\x89)tRs.")
    archive(f"{out}/view-bomb.bin", view, [("0", b"\0\0\0\0")])
    # A text that claims 4 GiB
    archive(f"{out}/long-text.bin", b"\x80\x02X\xff\xff\xff\xffabc.")
    archive(f"{out}/long-text-8.bin", b"\x80\x04\x8d" + struct.pack("<q", 2**62) + b"abc.")


if __name__ == "__main__":
    target = sys.argv[1]
    os.makedirs(target, exist_ok=True)
    kinds(target); model(target); bad(target)
