"""Times of the kernels beside what torch and transformers have, in one process on one GPU.

time_kernels.py [--sequences 16] [--length 4096] [--heads 12] [--head-size 64] [--window 256]

Prints a table in Markdown. Needs torch with CUDA; transformers for its row. Useful FLOPs are 4 D per
visible pair forward and 10 D backward. Inputs are random, several sets larger than the L2 cache go
round, every time is a median, and contenders take turns.
"""

import argparse
import math
import statistics
import sys
import time

import torch

import check
from driver import Cuda, Kernels, Layout, Pattern

SETS = 3
ROUNDS = 20


def pairs(length, window, dilation=1):
    total = 0
    for r in range(min(dilation, length)):
        n = -(-(length - r) // dilation)
        w = min(window, n - 1)
        total += n * (2 * w + 1) - w * (w + 1)
    return total


class Inputs:
    def __init__(self, given, dtype):
        shape = (given.sequences * given.length, given.heads, given.head_size)
        self.tensors = {
            name: torch.randn(shape, device="cuda").to(dtype)
            for name in ("query", "key", "value", "outputGradient")
        }
        for name in ("output", "queryGradient", "keyGradient", "valueGradient"):
            self.tensors[name] = torch.empty(shape, device="cuda", dtype=dtype)

    def views(self):
        return {name: tensor.data_ptr() for name, tensor in self.tensors.items()}

    def batch(self, given):
        """query, key, value as [B, H, L, D] leaves, and the gradient alike."""
        shape = (given.sequences, given.length, given.heads, given.head_size)
        made = [
            self.tensors[name].view(shape).transpose(1, 2)
            for name in ("query", "key", "value", "outputGradient")
        ]
        return [x.detach().clone().requires_grad_(i < 3) for i, x in enumerate(made)]


def times(contenders):
    """Medians in microseconds by name; each contender is a list of functions, one per input set."""
    measured = {name: [] for name in contenders}
    for name, calls in contenders.items():
        for call in calls:
            call()
    torch.cuda.synchronize()
    for r in range(ROUNDS * SETS):
        for name, calls in contenders.items():
            begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
            # The device is kept busy until everything is queued: launching is not what is timed.
            torch.cuda._sleep(4_000_000)
            begin.record()
            calls[r % len(calls)]()
            end.record()
            end.synchronize()
            measured[name].append(begin.elapsed_time(end) * 1000)
    return {name: statistics.median(values) for name, values in measured.items()}


def ours(cuda, given, inputs, dtype, dilation=1, globals_per_sequence=0, length=None, sequences=None):
    length, sequences = length or given.length, sequences or given.sequences
    roles = bytearray(b"\1" * (length * sequences))
    for b in range(sequences):
        for g in range(globals_per_sequence):
            roles[b * length + g] = 2
    layout = Layout([b * length for b in range(sequences + 1)], roles)
    heads, window = given.heads, given.window
    pattern = Pattern([window] * heads, [window] * heads, [dilation] * heads, given.head_size**-0.5)
    element = {torch.bfloat16: "bf16", torch.float16: "fp16", torch.float32: "fp32"}[dtype]
    kernels = Kernels(cuda, layout, pattern, given.head_size, element, dtype != torch.float32)
    calls = [kernels.call(i.views()) for i in inputs]
    forward = [lambda call=call: kernels.forward(call) for call in calls]
    backward = [lambda call=call: kernels.backward(call) for call in calls]
    return forward, backward


def attempt(name, build, end):
    """A contender, or a line that says why there is none."""
    if time.monotonic() > end:
        print(f"- {name}: not measured, the time for getting ready was over")
        return None
    try:
        forward, backward = build()
        for call in forward[:1] + backward[:1]:
            call()
        torch.cuda.synchronize()
        return forward, backward
    except Exception as e:
        print(f"- {name}: not measured, {type(e).__name__}: {(str(e).splitlines() or [''])[0][:160]}", flush=True)
        return None


def differentiable(attend, batches):
    """Forward without recording, and backward alone on a recorded pass."""
    outputs = [attend(*b[:3]) for b in batches]

    def forward(b):
        with torch.no_grad():
            attend(*b[:3])

    def backward(output, b):
        torch.autograd.grad(output, b[:3], b[3], retain_graph=True)

    return (
        [lambda b=b: forward(b) for b in batches],
        [lambda o=o, b=b: backward(o, b) for o, b in zip(outputs, batches)],
    )


def flex(given, batches, with_global):
    from torch.nn.attention.flex_attention import create_block_mask, flex_attention

    window = given.window

    def seen(b, h, q, k):
        near = (q - k <= window) & (k - q <= window)
        return near | (k < 1) if with_global else near

    mask = create_block_mask(seen, None, None, given.length, given.length, device="cuda")
    compiled = torch.compile(flex_attention)
    return differentiable(lambda q, k, v: compiled(q, k, v, block_mask=mask), batches)


def flash_local(given, batches):
    """aten::_flash_attention_forward with window bounds: FlashAttention-2, inclusive on both sides."""
    n, w = given.length, given.window
    # It takes [B, L, H, D].
    sets = [[x.detach().transpose(1, 2).contiguous().requires_grad_(i < 3) for i, x in enumerate(b)] for b in batches]

    def attend(q, k, v):
        return torch.ops.aten._flash_attention_forward(
            q, k, v, None, None, n, n, 0.0, False, False, window_size_left=w, window_size_right=w
        )[0]

    return differentiable(attend, sets)


def dense(backend, batches):
    from torch.nn.attention import sdpa_kernel
    from torch.nn.functional import scaled_dot_product_attention

    def attend(q, k, v):
        with sdpa_kernel(backend):
            return scaled_dot_product_attention(q, k, v)

    return differentiable(attend, batches)


def transformers_module(given, dtype):
    """LongformerSelfAttention whole, its three projections too, without global tokens."""
    from transformers import LongformerConfig
    from transformers.models.longformer.modeling_longformer import LongformerSelfAttention

    config = LongformerConfig(
        hidden_size=given.heads * given.head_size, num_attention_heads=given.heads,
        attention_window=[2 * given.window], attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    module = LongformerSelfAttention(config, 0).cuda().to(dtype)
    hidden = [
        torch.randn(given.sequences, given.length, config.hidden_size, device="cuda", dtype=dtype).requires_grad_()
        for _ in range(SETS)
    ]
    none = torch.zeros(given.sequences, given.length, device="cuda", dtype=dtype)
    flags = none < 0

    def run(h):
        return module(
            h, attention_mask=none, is_index_masked=flags, is_index_global_attn=flags, is_global_attn=False
        )[0]

    def forward(h):
        with torch.no_grad():
            run(h)

    outputs = [run(h) for h in hidden]
    return (
        [lambda h=h: forward(h) for h in hidden],
        [lambda h=h, o=o: torch.autograd.grad(o, h, torch.ones_like(o), retain_graph=True) for h, o in zip(hidden, outputs)],
    )


def agree(given, inputs, forward):
    """Largest difference to float64 on a stretch of rows of one head."""
    forward[0]()
    t = inputs[0].tensors
    rows = slice(0, min(given.length, 1024))
    q, k, v = (t[n][: given.length, 0].double() for n in ("query", "key", "value"))
    index = torch.arange(given.length, device="cuda")
    near = (index[None, :] - index[rows, None]).abs() <= given.window
    scores = (q[rows] @ k.T * given.head_size**-0.5).masked_fill(~near, -math.inf)
    want = scores.softmax(-1) @ v
    return ((t["output"][rows, 0].double() - want).norm() / want.norm()).item()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sequences", type=int, default=16)
    parser.add_argument("--length", type=int, default=4096)
    parser.add_argument("--heads", type=int, default=12)
    parser.add_argument("--head-size", type=int, default=64)
    parser.add_argument("--window", type=int, default=256)
    parser.add_argument("--cases", type=int, default=20, help="random cases that are checked first, 0 for none")
    parser.add_argument("--seconds", type=int, default=600, help="no contender is made ready after so many")
    parser.add_argument("--hopper", action="store_true", help="the forward kernel for compute capability 9.0 too")
    given = parser.parse_args()
    for name in ("sequences", "length", "heads", "head_size", "window"):
        if getattr(given, name) < 1:
            parser.error(f"--{name.replace('_', '-')} is {getattr(given, name)}; it must be 1 or more")
    if not torch.cuda.is_available():
        print("times: this torch sees no GPU")
        return 2
    end = time.monotonic() + given.seconds
    torch.manual_seed(torch.seed() % 2**31)
    torch.zeros(1, device="cuda")
    cuda = Cuda()
    print(f"device {torch.cuda.get_device_name()}, torch {torch.__version__}, CUDA {torch.version.cuda}, seed {torch.initial_seed()}")
    if given.cases and check.check(cuda, torch.initial_seed(), given.cases):
        return 1

    bf16 = torch.bfloat16
    inputs = [Inputs(given, bf16) for _ in range(SETS)]
    batches = [i.batch(given) for i in inputs]
    square = [torch.randn(8192, 8192, device="cuda", dtype=bf16) for _ in range(2)]
    own = Cuda(retain=False, hopper=True) if given.hopper else None
    found = {
        "Longspan": ours(cuda, given, inputs, bf16),
        "Longspan, 1 global key": ours(cuda, given, inputs, bf16, globals_per_sequence=1),
        "Longspan, dilation 2": ours(cuda, given, inputs, bf16, dilation=2),
    }
    print(f"error of the output relative to float64, bf16: {agree(given, inputs, found['Longspan'][0]):.2e}")
    if own is not None and 32 < given.head_size <= 64:
        made = attempt("Longspan, option hopper", lambda: ours(own, given, inputs, bf16), end)
        if made:
            found["Longspan, option hopper"] = made
            print(f"the same with option hopper: {agree(given, inputs, made[0]):.2e}")
    from torch.nn.attention import SDPBackend

    for name, build in {
        "FlexAttention, window and 1 global key": lambda: flex(given, batches, True),
        "FlexAttention, window": lambda: flex(given, batches, False),
        "FlashAttention-2 local (aten)": lambda: flash_local(given, batches),
        "dense SDPA, flash": lambda: dense(SDPBackend.FLASH_ATTENTION, batches),
        "dense SDPA, cuDNN": lambda: dense(SDPBackend.CUDNN_ATTENTION, batches),
        "transformers LongformerSelfAttention (with projections)": lambda: transformers_module(given, bf16),
    }.items():
        made = attempt(name, build, end)
        if made:
            found[name] = made
    forward = times({name: calls[0] for name, calls in found.items()})
    backward = times({name: calls[1] for name, calls in found.items()})
    matmul = times({"matmul": [lambda: square[0] @ square[1]]})["matmul"]

    band = given.sequences * given.heads * pairs(given.length, given.window)
    print(f"\nbf16 matmul 8192: {2 * 8192**3 / matmul / 1e6:.0f} TFLOP/s\n")
    print("| contender | forward us | useful TFLOP/s | backward us | useful TFLOP/s |")
    print("|---|---|---|---|---|")
    for name in found:
        # The same useful work for everybody: what is computed beside it is a contender's own affair.
        f, b = forward[name], backward[name]
        d = given.head_size
        print(f"| {name} | {f:.0f} | {4 * d * band / f / 1e6:.0f} | {b:.0f} | {10 * d * band / b / 1e6:.0f} |")

    base, back = forward["Longspan"], backward["Longspan"]
    print("\n| target | wanted | measured |")
    print("|---|---|---|")
    d = given.head_size
    print(f"| forward, base path | 220 TFLOP/s | {4 * d * band / base / 1e6:.0f} |")
    if "Longspan, option hopper" in found:
        print(f"| forward, option hopper | 330 TFLOP/s | {4 * d * band / forward['Longspan, option hopper'] / 1e6:.0f} |")
    print(f"| backward, base path | 160 TFLOP/s | {10 * d * band / back / 1e6:.0f} |")
    name, other = "Longspan, 1 global key", "FlexAttention, window and 1 global key"
    if other in found:
        print(f"| against FlexAttention, same mask, forward | 1.3 | {forward[other] / forward[name]:.2f} |")
        print(f"| against FlexAttention, same mask, backward | 1.5 | {backward[other] / backward[name]:.2f} |")
    other = "transformers LongformerSelfAttention (with projections)"
    if other in found:
        ratio = (forward[other] + backward[other]) / (base + back)
        print(f"| against transformers (its projections included) | 15 | {ratio:.1f} |")
    print(f"| dilated against plain heads | at most 1.10 | {forward['Longspan, dilation 2'] / base:.3f} |")

    if given.sequences % 4 == 0:
        long = ours(cuda, given, inputs, bf16, length=4 * given.length, sequences=given.sequences // 4)
        both = times({"short": found["Longspan"][0], "long": long[0]})
        print(f"| same tokens in sequences of four times the length | 1.0 to 1.075 | {both['long'] / both['short']:.3f} |")

    exact = [Inputs(given, torch.float32)]
    single = ours(cuda, given, exact, torch.float32)
    t = times({"forward": single[0], "backward": single[1]})
    print(f"| forward, float32 (plain FMA) | - | {4 * d * band / t['forward'] / 1e6:.1f} TFLOP/s, error {agree(given, exact, single[0]):.1e} |")
    print(f"| backward, float32 (plain FMA) | - | {10 * d * band / t['backward'] / 1e6:.1f} TFLOP/s |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
