// The small passes of the backward: products of output rows with their gradients before it, and
// sums of partial gradients after it.
#pragma once
#include <elements.cuh>
#include <geometry.cuh>

namespace longspan {

constexpr int kRowThreads = 128;

// delta = rowsum(output * its gradient), one warp per row and head. Rows of GLOBAL and MASKED
// tokens are never asked for, so what their gradients hold does not matter.
template <class E>
__device__ void delta_rows(const Call &call) {
    int lane = threadIdx.x & 31;
    long long pair = static_cast<long long>(blockIdx.x) * (kRowThreads / 32) + (threadIdx.x >> 5);
    if (pair >= static_cast<long long>(call.rows) * call.heads) {
        return;
    }
    int row = static_cast<int>(pair / call.heads);
    int head = static_cast<int>(pair % call.heads);
    const auto *output = row_of<E>(call.output, row, head);
    const auto *gradient = row_of<E>(call.outputGradient, row, head);
    float sum = 0;
    for (int d = lane; d < call.headSize; d += 32) {
        sum = fmaf(E::load(output[d]), E::load(gradient[d]), sum);
    }
    for (int step = 16; step > 0; step /= 2) {
        sum += __shfl_xor_sync(0xFFFFFFFFu, sum, step);
    }
    if (lane == 0) {
        call.delta[pair] = sum;
    }
}

// Gradients of a tile of global keys: its parts in their order.
template <class E>
__device__ void sum_parts(const Call &call) {
    const Item &item = call.items[blockIdx.x];
    int keys = least(kTile, item.globalCount - item.first);
    long long area = static_cast<long long>(kTile) * call.headSize;
    for (int i = threadIdx.x; i < keys * call.headSize; i += kRowThreads) {
        float key = 0;
        float value = 0;
        for (int part = 0; part < item.otherEnd; part++) {
            const float *from = call.partial + (item.part + part) * 2 * area + i;
            key += from[0];
            value += from[area];
        }
        int token = call.globals[item.firstGlobal + item.first + i / call.headSize];
        int d = i % call.headSize;
        row_of<E>(call.keyGradient, token, item.head)[d] = E::store(key);
        row_of<E>(call.valueGradient, token, item.head)[d] = E::store(value);
    }
}

// Gradients of a stretch of columns of a head's bias: the parts of the head in their order.
__device__ inline void sum_bias(const Call &call) {
    const Item &item = call.items[blockIdx.x];
    int column = item.first + static_cast<int>(threadIdx.x);
    if (column >= call.biasColumns) {
        return;
    }
    float sum = 0;
    for (int part = 0; part < item.otherEnd; part++) {
        sum += call.biasPartial[static_cast<long long>(item.part + part) * call.biasColumns + column];
    }
    reinterpret_cast<float *>(call.biasGradient.address)[item.head * call.biasGradient.row +
                                                         column] = sum;
}

}  // namespace longspan

// Every image has them, so that a call needs one image only.
#define LONGSPAN_ROWS(E)                                                                    \
    extern "C" __global__ void __launch_bounds__(longspan::kRowThreads) delta_rows(         \
        longspan::Call call) {                                                              \
        longspan::delta_rows<E>(call);                                                      \
    }                                                                                       \
    extern "C" __global__ void __launch_bounds__(longspan::kRowThreads) sum_parts(          \
        longspan::Call call) {                                                              \
        longspan::sum_parts<E>(call);                                                       \
    }                                                                                       \
    extern "C" __global__ void __launch_bounds__(longspan::kRowThreads) sum_bias(           \
        longspan::Call call) {                                                              \
        longspan::sum_bias(call);                                                           \
    }
