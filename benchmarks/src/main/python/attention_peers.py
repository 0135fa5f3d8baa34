"""Times torch's dense attention and transformers' Longformer attention on the CPU.

Arguments: tokens window globals heads head_size threads runs.
Output: a line per peer, tab separated: name, version, seconds of each run (or why there are none).
"""

import sys
import time

import torch

tokens, window, global_count, heads, head_size, threads, runs = map(int, sys.argv[1:8])
torch.set_num_threads(threads)
torch.manual_seed(17)


def seconds(call):
    with torch.no_grad():
        for _ in range(2):
            call()
        taken = []
        for _ in range(runs):
            begin = time.perf_counter()
            call()
            taken.append(time.perf_counter() - begin)
    return taken


def say(name, version, what):
    parts = [f"{s:.6f}" for s in what] if isinstance(what, list) else [what]
    print("\t".join([name, version, *parts]), flush=True)


def dense():
    q, k, v = (torch.randn(1, heads, tokens, head_size) for _ in range(3))
    return seconds(lambda: torch.nn.functional.scaled_dot_product_attention(q, k, v))


def longformer():
    import transformers
    from transformers.models.longformer.modeling_longformer import LongformerSelfAttention

    config = transformers.LongformerConfig(
        hidden_size=heads * head_size,
        num_attention_heads=heads,
        num_hidden_layers=1,
        attention_window=[window],
        attention_probs_dropout_prob=0.0,
    )
    layer = LongformerSelfAttention(config, layer_id=0).eval()
    # The projections are linear layers, not attention: their time is taken off below.
    hidden = torch.randn(1, tokens, heads * head_size)
    if tokens % window:
        return transformers.__version__, f"tokens must be a multiple of {window}"
    mask = torch.zeros(1, tokens)
    for g in range(global_count):
        mask[0, g * tokens // global_count] = 10000.0
    is_masked = mask < 0
    is_global = mask > 0
    any_global = bool(is_global.any())

    def attention():
        layer(
            hidden,
            attention_mask=mask,
            is_index_masked=is_masked,
            is_index_global_attn=is_global,
            is_global_attn=any_global,
        )

    def projections():
        layer.query(hidden)
        layer.key(hidden)
        layer.value(hidden)

    linear = sorted(seconds(projections))[runs // 2]
    return transformers.__version__, [max(1e-6, s - linear) for s in seconds(attention)]


say("torch-dense-sdpa", torch.__version__, dense())
try:
    say("transformers-longformer", *longformer())
except ImportError as missing:
    say("transformers-longformer", "none", f"not installed: {missing.name}")
