#!/usr/bin/env python3
"""Loads checkpoints in transformers as strictly as it can and compares what they answer.

    python strict_load.py CASES.json

CASES.json is a list of {"folder", "inputs", "outputs", "seen_only"}: a checkpoint whose config.json names its class, two safetensors files,
and whether rows of masked tokens are left out.
Prints a JSON list with, for each: missing, unexpected and mismatched tensor names, and the largest difference of any output, relative to
the output's largest value (at least 1). Uses no network.
"""
import json, os, sys, warnings

os.environ.setdefault("HF_HUB_OFFLINE", "1")
warnings.filterwarnings("ignore")
import torch
import transformers
from safetensors.torch import load_file

transformers.logging.set_verbosity_error()
transformers.logging.disable_progress_bar()
torch.set_num_threads(1)


def check(case):
    config = transformers.AutoConfig.from_pretrained(case["folder"])
    model_class = getattr(transformers, config.architectures[0])
    extra = {}
    if config.architectures[0].endswith("Model"):  # a bare encoder is saved with or without its pooler, and made to match
        names = load_file(os.path.join(case["folder"], "model.safetensors"))
        extra["add_pooling_layer"] = any("pooler." in n for n in names)
    model, info = model_class.from_pretrained(case["folder"], output_loading_info=True, **extra)
    inputs = load_file(case["inputs"])
    with torch.no_grad():
        answer = model.eval()(**inputs, output_hidden_states=True)
    worst = 0.0
    for name, expected in load_file(case["outputs"]).items():
        head, _, layer = name.partition(".")
        found = answer.hidden_states[int(layer)] if head == "hidden_state" else answer[name]
        found = found[tuple(slice(0, n) for n in expected.shape)]
        gap = (found.float() - expected).abs()
        if case["seen_only"] and gap.dim() == 3:
            gap = gap[inputs["attention_mask"].bool()]
        difference = gap.max().item()
        worst = max(worst, difference / max(1.0, expected.abs().max().item()))
    return dict(folder=case["folder"], **{k: sorted(map(str, info[k + "_keys"])) for k in ("missing", "unexpected", "mismatched")}, worst=worst)


print(json.dumps([check(case) for case in json.load(open(sys.argv[1]))]))
