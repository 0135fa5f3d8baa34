// The forward kernel for compute capability 9.0. ELEMENT is Float16 or BFloat16.
#define LONGSPAN_HOPPER
#include <hopper_forward.cuh>

using namespace longspan;

#ifdef LONGSPAN_IMAGE
// Says which image this is, also where it is machine code.
extern "C" __device__ char longspan_image[] = "longspan-image: " LONGSPAN_IMAGE;
#endif

extern "C" __global__ void __launch_bounds__(kForwardThreads, 2) hopper_forward_64(Call call) {
    hopper_forward<ELEMENT>(call);
}
