// The kernels in ordinary arithmetic. ELEMENT is Float32, Float16 or BFloat16.
#include <ffma_backward.cuh>
#include <ffma_forward.cuh>
#include <rows.cuh>

using namespace longspan;

#ifdef LONGSPAN_IMAGE
// Says which image this is, also where it is machine code.
extern "C" __device__ char longspan_image[] = "longspan-image: " LONGSPAN_IMAGE;
#endif

#define LONGSPAN_HEAD(D)                                                                        \
    extern "C" __global__ void __launch_bounds__(kFfmaThreads, 1) ffma_forward_##D(Call call) { \
        ffma_forward<ELEMENT, D>(call);                                                         \
    }                                                                                           \
    extern "C" __global__ void __launch_bounds__(kFfmaThreads, 1) ffma_queries_##D(Call call) { \
        ffma_backward_queries<ELEMENT, D>(call);                                                \
    }                                                                                           \
    extern "C" __global__ void __launch_bounds__(kFfmaThreads, 1) ffma_keys_##D(Call call) {    \
        ffma_backward_keys<ELEMENT, D>(call);                                                   \
    }                                                                                           \
    extern "C" __global__ void __launch_bounds__(kFfmaThreads, 1) ffma_bias_##D(Call call) {    \
        ffma_backward_bias<ELEMENT, D>(call);                                                   \
    }

LONGSPAN_HEAD(32)
#ifndef LONGSPAN_SMALL_HEADS_ONLY
LONGSPAN_HEAD(64)
LONGSPAN_HEAD(128)
#endif

LONGSPAN_ROWS(ELEMENT)
