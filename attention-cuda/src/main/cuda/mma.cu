// The kernels on tensor cores. ELEMENT is Float16 or BFloat16.
#include <mma_backward.cuh>
#include <mma_forward.cuh>
#include <rows.cuh>

using namespace longspan;

#ifdef LONGSPAN_IMAGE
// Says which image this is, also where it is machine code.
extern "C" __device__ char longspan_image[] = "longspan-image: " LONGSPAN_IMAGE;
#endif

// Two blocks of the forward pass on a multiprocessor, but for the largest heads.
#define LONGSPAN_HEAD(D)                                                                          \
    extern "C" __global__ void __launch_bounds__(kForwardThreads, D > 64 ? 1 : 2)                 \
        mma_forward_##D(Call call) {                                                              \
        mma_forward<ELEMENT, D, false>(call);                                                     \
    }                                                                                             \
    extern "C" __global__ void __launch_bounds__(kForwardThreads, 1) mma_biased_##D(Call call) {  \
        mma_forward<ELEMENT, D, true>(call);                                                      \
    }                                                                                             \
    extern "C" __global__ void __launch_bounds__(kBackwardThreads, 1) mma_queries_##D(Call call) {\
        mma_backward_queries<ELEMENT, D>(call);                                                   \
    }                                                                                             \
    extern "C" __global__ void __launch_bounds__(kBackwardThreads, 1) mma_keys_##D(Call call) {   \
        mma_backward_keys<ELEMENT, D>(call);                                                      \
    }                                                                                             \
    extern "C" __global__ void __launch_bounds__(kBackwardThreads, 1) mma_bias_##D(Call call) {   \
        mma_backward_bias<ELEMENT, D>(call);                                                      \
    }

LONGSPAN_HEAD(32)
#ifndef LONGSPAN_SMALL_HEADS_ONLY
LONGSPAN_HEAD(64)
LONGSPAN_HEAD(128)
#endif
LONGSPAN_ROWS(ELEMENT)
