"""Every kernel against float64 on fresh random inputs. Needs numpy and a CUDA driver only.

check.py [--seed N] [--cases N] [--seconds N] [--text] [--hopper] [--driver LIBRARY]
"""

import argparse
import sys
import time

import numpy as np

from driver import Cuda, Kernels, Layout, Pattern

M32 = 0xFFFFFFFF


def philox(key, counters):
    """Philox4x32-10 of arrays of counters; four arrays of words."""
    c0, c1, c2, c3 = (np.asarray(x, dtype=np.uint64) for x in counters)
    k0, k1 = key & M32, key >> 32
    for _ in range(10):
        p0, p1 = c0 * np.uint64(0xD2511F53), c2 * np.uint64(0xCD9E8D57)
        low = np.uint64(M32)
        high = np.uint64(32)
        c0, c1, c2, c3 = (
            (p1 >> high) ^ c1 ^ np.uint64(k0),
            p1 & low,
            (p0 >> high) ^ c3 ^ np.uint64(k1),
            p0 & low,
        )
        k0, k1 = (k0 + 0x9E3779B9) & M32, (k1 + 0xBB67AE85) & M32
    return c0, c1, c2, c3


def factors(n, head, sample, key, threshold, keep):
    """Dropout factors [row, key] of a sequence, as DropoutMask defines them."""
    rows, keys = np.meshgrid(np.arange(n), np.arange(n), indexing="ij")
    words = philox(
        key, (keys >> 3, rows, np.full_like(rows, head | (sample >> 32) << 16), np.full_like(rows, sample & M32))
    )
    word = np.choose(keys >> 1 & 3, words)
    return np.where((word >> (16 * (keys & 1)).astype(np.uint64)) & np.uint64(0xFFFF) < threshold, 0.0, keep)


def visible(layout, pattern, start, n, h):
    roles = np.frombuffer(layout.roles[start : start + n], dtype=np.uint8)
    rows, keys = np.meshgrid(np.arange(n), np.arange(n), indexing="ij")
    step = keys - rows
    d = pattern.dilation[h]
    band = (step % d == 0) & (step >= -pattern.left[h] * d) & (step <= pattern.right[h] * d)
    seen = band & (roles == 1)[None, :] | (roles == 2)[None, :] & ((keys <= rows) | (not pattern.causal))
    return seen & (roles == 1)[:, None]


def reference(layout, pattern, q, k, v, g, dropout, bias, unit):
    """Output, log-sum-exp, dq, dk, dv, gradient of the bias in float64, and what the rounding of the
    output by `unit` may do to the norms of dq, dk and that of the bias: the backward pass gets the
    rounded output, and where a row sees few keys its gradients are small differences.
    """
    aq, ak = np.zeros_like(q), np.zeros_like(q)
    abias = None if bias is None else np.zeros_like(bias)
    dbias = None if bias is None else np.zeros_like(bias)
    out, dq, dk, dv = (np.zeros_like(q) for _ in range(4))
    sums = np.full(q.shape[:2], -np.inf)
    for b, start, n, _, _ in layout.sequences():
        s = slice(start, start + n)
        for h in range(pattern.heads):
            seen = visible(layout, pattern, start, n, h)
            scores = q[s, h] @ k[s, h].T * pattern.scale
            if bias is not None:
                local = np.frombuffer(layout.roles[start : start + n], dtype=np.uint8) == 1
                step = (np.arange(n)[None, :] - np.arange(n)[:, None]) // pattern.dilation[h]
                column = np.clip(step + max(pattern.left), 0, pattern.columns - 1)
                in_band = seen & local[None, :]
                scores = scores + np.where(in_band, bias[h][column], 0)
            scores = np.where(seen, scores, -np.inf)
            top = np.max(scores, axis=1, initial=-1e300)[:, None]
            p = np.exp(np.where(np.isfinite(scores), scores - top, -np.inf))
            total = p.sum(axis=1, keepdims=True)
            live = total[:, 0] > 0
            p[live] /= total[live]
            sums[s, h][live] = (top[:, 0] + np.log(np.where(total[:, 0] > 0, total[:, 0], 1)))[live]
            f = factors(n, h, dropout["samples"][b], *dropout["numbers"]) if dropout else 1.0
            out[s, h] = (p * f) @ v[s, h]
            go = np.where(live[:, None], g[s, h], 0)
            dp = go @ v[s, h].T * f
            ds = p * (dp - (p * dp).sum(axis=1, keepdims=True))
            dq[s, h] = ds @ k[s, h] * pattern.scale
            dk[s, h] = ds.T @ q[s, h] * pattern.scale
            dv[s, h] = (p * f).T @ go
            off = p * unit * (np.abs(out[s, h]) * np.abs(go)).sum(axis=1, keepdims=True)
            aq[s, h] = off @ np.abs(k[s, h]) * pattern.scale
            ak[s, h] = off.T @ np.abs(q[s, h]) * pattern.scale
            if bias is not None:
                np.add.at(dbias[h], column[in_band], ds[in_band])
                np.add.at(abias[h], column[in_band], off[in_band])
    slack = [0, np.linalg.norm(aq), np.linalg.norm(ak), 0, 0 if bias is None else np.linalg.norm(abias)]
    return out, sums, dq, dk, dv, dbias, slack


def to_bits(element, x):
    if element == "fp32":
        return x.astype(np.float32)
    if element == "fp16":
        return x.astype(np.float16)
    bits = x.astype(np.float32).view(np.uint32)
    return ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype(np.uint16)


def to_numbers(element, bits):
    if element == "bf16":
        return (bits.astype(np.uint32) << 16).view(np.float32).astype(np.float64)
    return bits.astype(np.float64)


def draw(rng, small):
    lengths = rng.integers(1, 90 if small else 700, size=rng.integers(1, 4))
    starts = np.concatenate([[0], np.cumsum(lengths)])
    tokens = int(starts[-1])
    roles = np.ones(tokens, dtype=np.uint8)
    roles[rng.random(tokens) < rng.choice([0, 0.02, 0.15])] = 2
    roles[rng.random(tokens) < rng.choice([0, 0.1])] = 0
    heads = int(rng.integers(1, 4))
    causal = bool(rng.random() < 0.25)
    left = [int(x) for x in rng.integers(0, 40 if small else 300, size=heads)]
    right = [0 if causal else int(x) for x in rng.integers(0, 40 if small else 300, size=heads)]
    dilation = [int(x) for x in rng.choice([1, 1, 2, 3], size=heads)]
    size = int(rng.choice([8, 32, 40, 64, 128]))
    pattern = Pattern(left, right, dilation, float(np.float32(size**-0.5)), causal)
    dropout = None
    if rng.random() < 0.4:
        threshold = int(rng.choice([6554, 32768]))
        dropout = {
            "samples": [int(x) for x in rng.integers(0, 2**48, size=len(lengths))],
            "numbers": (int(rng.integers(0, 2**63)), threshold, 65536 / (65536 - threshold)),
        }
    bias = None
    if rng.random() < 0.4:
        bias = rng.standard_normal((heads, pattern.columns)).astype(np.float32)
        bias[rng.random(bias.shape) < 0.1] = -np.inf
    return Layout([int(x) for x in starts], roles.tobytes()), pattern, size, dropout, bias


def run(cuda, rng, element, mma, small):
    layout, pattern, size, dropout, bias = draw(rng, small)
    shape = (layout.tokens, pattern.heads, size)
    bits = [to_bits(element, rng.standard_normal(shape)) for _ in range(4)]
    numbers = [to_numbers(element, b) for b in bits]
    roles = np.frombuffer(layout.roles, dtype=np.uint8)
    # What must not matter is NaN on the device and zero in the reference.
    for b, x, hidden in zip(bits, numbers, (roles != 1, roles == 0, roles == 0, roles != 1)):
        b[hidden] = np.nan if element != "bf16" else 0x7FC0
        x[hidden] = 0
    kernels = Kernels(cuda, layout, pattern, size, element, mma)
    names = ("query", "key", "value", "outputGradient")
    views = {name: kernels.put(b.tobytes()) for name, b in zip(names, bits)}
    outs = ("output", "queryGradient", "keyGradient", "valueGradient")
    nbytes = bits[0].nbytes
    views.update({name: kernels.put(b"\xff" * nbytes) for name in outs})
    views["logSumExp"] = kernels.space(layout.tokens * pattern.heads * 4)
    if bias is not None:
        views["bias"] = kernels.put(bias.tobytes())
        views["biasGradient"] = kernels.put(b"\xff" * bias.nbytes)
    extra = None
    if dropout:
        key, threshold, keep = dropout["numbers"]
        samples = np.array(dropout["samples"], dtype=np.uint64)
        extra = (kernels.put(samples.tobytes()), key, threshold, keep)
    call = kernels.call(views, extra)

    def once():
        kernels.forward(call)
        kernels.backward(call)
        read = [cuda.read(views[name], nbytes) for name in outs]
        return read + ([] if bias is None else [cuda.read(views["biasGradient"], bias.nbytes)])

    first, second = once(), once()
    got = [to_numbers(element, np.frombuffer(x, dtype=bits[0].dtype).reshape(shape)) for x in first[:4]]
    sums = np.frombuffer(cuda.read(views["logSumExp"], 4 * sums_count(shape)), dtype=np.float32)
    kernels.close()
    wide = None if bias is None else bias.astype(np.float64)
    unit = {"fp32": 2**-24, "fp16": 2**-11, "bf16": 2**-8}[element]
    out, want_sums, dq, dk, dv, dbias, slack = reference(layout, pattern, *numbers, dropout, wide, unit)
    tolerance = {"fp32": 2e-6, "fp16": 6e-4, "bf16": 4e-3}[element]
    faults = [] if first == second else ["not the same bits twice"]
    wants = [out, dq, dk, dv]
    if bias is not None:
        got.append(np.frombuffer(first[4], dtype=np.float32).reshape(bias.shape).astype(np.float64))
        wants.append(dbias)
    factors = (1, 2.5, 2.5, 2.5, 2.5)
    for name, x, want, factor, more in zip(outs + ("biasGradient",), got, wants, factors, slack):
        norm = max(np.linalg.norm(want), 0.1 * want.size**0.5)
        error = np.linalg.norm(x - want) / norm
        if not error <= factor * tolerance + more / norm:
            faults.append(f"{name} is off by {error:.2e}")
    finite = np.isfinite(want_sums.ravel())
    if not np.array_equal(np.isfinite(sums), finite) or not np.allclose(
        sums[finite], want_sums.ravel()[finite], rtol=1e-5, atol=1e-4 if element == "fp32" else 1e-2
    ):
        faults.append("log-sum-exp is off")
    where = f"{element} {'mma' if mma else 'ffma'} D={size} {layout.starts} left={pattern.left} right={pattern.right}"
    where += f" dilation={pattern.dilation} causal={pattern.causal} dropout={dropout is not None} bias={bias is not None}"
    return where, faults


def sums_count(shape):
    return shape[0] * shape[1]


def check(cuda, seed, cases, small=False, seconds=None):
    """Number of faults. Stops early, and says so, when the seconds are over."""
    end = None if seconds is None else time.monotonic() + seconds
    rng = np.random.default_rng(seed)
    families = [("fp32", False), ("fp16", False), ("bf16", False)]
    if cuda.capability >= 80:
        families += [("fp16", True), ("bf16", True)]
    bad = done = 0
    for n in range(cases):
        for element, mma in families:
            if end is not None and time.monotonic() > end:
                break
            where, faults = run(cuda, rng, element, mma, small)
            done += 1
            if faults:
                bad += 1
                print(f"FAULT {where}: {'; '.join(faults)}", flush=True)
    asked = cases * len(families)
    early = f" (of {asked}: the time was over)" if done < asked else ""
    images = ", ".join(sorted(cuda.loaded))
    print(f"checked {done} cases{early} against float64, seed {seed}, images {images}: {bad} faults")
    return bad


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"is {number}; it must be 1 or more")
    return number


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seed", type=int, default=int(time.time()))
    arguments.add_argument("--cases", type=positive, default=40, help="per kind of kernel and type")
    arguments.add_argument("--seconds", type=positive, help="stop after so many")
    arguments.add_argument("--small", action="store_true", help="short sequences, for the emulated GPU")
    arguments.add_argument("--text", action="store_true", help="the PTX text also where there is a cubin")
    arguments.add_argument("--hopper", action="store_true", help="the forward kernel for compute capability 9.0")
    arguments.add_argument("--driver", default="libcuda.so.1")
    given = arguments.parse_args()
    try:
        cuda = Cuda(given.driver, cubins=not given.text, hopper=given.hopper)
    except (OSError, RuntimeError) as e:
        print(f"check: there is no usable GPU: {e}")
        return 2
    return 1 if check(cuda, given.seed, given.cases, given.small, given.seconds) else 0


if __name__ == "__main__":
    sys.exit(main())
