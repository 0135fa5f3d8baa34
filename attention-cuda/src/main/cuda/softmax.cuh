// Softmax over keys that come tile by tile, in powers of two.
#pragma once
#include <geometry.cuh>
#include <instructions.cuh>

namespace longspan {

constexpr float kUnseen = -3.402823466e38f;
constexpr float kLn2 = 0.6931471805599453f;

// The softmax so far of one row. Several threads share a row: they agree on `top` and `cut`, and
// each sums its own keys.
struct Running {
    float top = kUnseen;  // the largest score
    float cut = 0;        // the same in binary exponents, rounded once: what is subtracted
    float sum = 0;

    // Lets the top follow a score and returns the factor on earlier sums.
    __device__ float raise(float score, float scoreLog2) {
        if (score <= top) {
            return 1;
        }
        // Before the first score there is nothing to shrink.
        float before = cut;
        bool first = top == kUnseen;
        top = score;
        cut = score * scoreLog2;
        float shrink = first ? 0.0f : exp2_approx(before - cut);
        sum *= shrink;
        return shrink;
    }
};

// exp(score * scale) relative to the exponent that is subtracted.
__device__ inline float power(float score, float scoreLog2, float cut) {
    return exp2_approx(fmaf(score, scoreLog2, -cut));
}

// Writes what a row leaves behind: its log-sum-exp, and what the backward pass makes probabilities
// of. A row that sees nothing has sum 0.
__device__ inline void write_row(const Call &call, int row, int head, float cut, float sum) {
    if (call.logSumExp.address != 0) {
        float *to = reinterpret_cast<float *>(call.logSumExp.address) + row * call.logSumExp.row +
                    head * call.logSumExp.head;
        *to = sum > 0 ? (cut + log2f(sum)) * kLn2 : bits_float(0xFF800000u);
    }
    if (call.softmax != nullptr) {
        float *to = call.softmax + (static_cast<long long>(row) * call.heads + head) * 2;
        to[0] = cut;
        to[1] = sum > 0 ? 1 / sum : 0.0f;
    }
}

// What the backward pass knows of a row.
struct SavedRow {
    float cut;
    float inverse;
    float delta;
};

__device__ inline SavedRow saved_row(const Call &call, const Query &query, int head) {
    if (!query.live) {
        return {0, 0, 0};
    }
    long long at = static_cast<long long>(query.row) * call.heads + head;
    return {call.softmax[2 * at], call.softmax[2 * at + 1], call.delta[at]};
}

}  // namespace longspan
