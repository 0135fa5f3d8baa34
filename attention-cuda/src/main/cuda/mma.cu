// The kernels on tensor cores. ELEMENT is Float16 or BFloat16.
#include <mma_backward.cuh>
#include <mma_forward.cuh>

using namespace longspan;

#define LONGSPAN_HEAD(D)                                                                          \
    extern "C" __global__ void __launch_bounds__(kForwardThreads, 1) mma_forward_##D(Call call) { \
        mma_forward<ELEMENT, D>(call);                                                            \
    }                                                                                             \
    extern "C" __global__ void __launch_bounds__(kBackwardThreads, 1) mma_queries_##D(Call call) {\
        mma_backward_queries<ELEMENT, D>(call);                                                   \
    }                                                                                             \
    extern "C" __global__ void __launch_bounds__(kBackwardThreads, 1) mma_keys_##D(Call call) {   \
        mma_backward_keys<ELEMENT, D>(call);                                                      \
    }

LONGSPAN_HEAD(32)
LONGSPAN_HEAD(64)
LONGSPAN_HEAD(128)
