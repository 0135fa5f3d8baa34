// The only file with machine instructions. The tests' shim has a file of the same name that does
// the same on the host; everything else is compiled there as it is.
#pragma once

namespace longspan {

__device__ inline float exp2_approx(float x) {
    float power;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(power) : "f"(x));
    return power;
}

__device__ inline float half_to_float(unsigned short bits) {
    float number;
    asm("cvt.f32.f16 %0, %1;" : "=f"(number) : "h"(bits));
    return number;
}

__device__ inline unsigned short float_to_half(float number) {
    unsigned short bits;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(bits) : "f"(number));
    return bits;
}

__device__ inline unsigned multiply_high(unsigned a, unsigned b) { return __umulhi(a, b); }

__device__ inline unsigned float_bits(float x) { return __float_as_uint(x); }

__device__ inline float bits_float(unsigned x) { return __uint_as_float(x); }

#if !defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800

__device__ inline unsigned char *dynamic_shared() {
    extern __shared__ uint4 longspan_shared[];
    return reinterpret_cast<unsigned char *>(longspan_shared);
}

__device__ inline unsigned shared_address(const void *p) {
    return static_cast<unsigned>(__cvta_generic_to_shared(p));
}

// Two numbers in one register, the first in the low half.
__device__ inline unsigned pack_half(float low, float high) {
    unsigned pair;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
    return pair;
}

__device__ inline unsigned pack_bf16(float low, float high) {
    unsigned pair;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
    return pair;
}

// Four 8x8 matrices of 16-bit elements; lane l names the row l & 7 of matrix l >> 3.
__device__ inline void load_matrices(unsigned (&r)[4], const void *row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(row))
                 : "memory");
}

// The same, each matrix transposed.
__device__ inline void load_matrices_turned(unsigned (&r)[4], const void *row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(shared_address(row))
                 : "memory");
}

// sum[16x8] += a[16x16] * b[16x8]
__device__ inline void multiply_half(float (&sum)[4], const unsigned (&a)[4], unsigned b0,
                                     unsigned b1) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
        "{%8, %9}, {%0, %1, %2, %3};"
        : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

__device__ inline void multiply_bf16(float (&sum)[4], const unsigned (&a)[4], unsigned b0,
                                     unsigned b1) {
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
        "{%8, %9}, {%0, %1, %2, %3};"
        : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// Copies 16 bytes into shared memory while the thread goes on; zeros when not `real`, and then the
// source is not read.
__device__ inline void copy_async(void *to, const void *from, bool real) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_address(to)),
                 "l"(__cvta_generic_to_global(from)), "r"(real ? 16 : 0)
                 : "memory");
}

__device__ inline void copy_commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }

// Waits until no more than `left` of this thread's groups are on their way.
template <int left>
__device__ inline void copy_wait() {
    asm volatile("cp.async.wait_group %0;" ::"n"(left) : "memory");
}

#ifdef LONGSPAN_HOPPER

// What cp.async wrote becomes visible to the tensor cores' own reads; by the thread that waited.
__device__ inline void shared_fence() {
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
}

// Sums are in use by instructions under way from here on ...
__device__ inline void group_begin(float (&sum)[8][4]) {
#pragma unroll
    for (int i = 0; i < 32; i++) {
        asm volatile("" : "+f"(sum[i / 4][i % 4])::"memory");
    }
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}

// ... until here.
__device__ inline void group_end(float (&sum)[8][4]) {
    asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
    asm volatile("wgmma.wait_group.sync.aligned 0;" ::: "memory");
#pragma unroll
    for (int i = 0; i < 32; i++) {
        asm volatile("" : "+f"(sum[i / 4][i % 4])::"memory");
    }
}

// sum[64x64] += a[64x16] * b[64x16] transposed; both described in shared memory.
#define LONGSPAN_GROUP_SCORES(NAME, TYPE)                                                       \
    __device__ inline void NAME(float (&sum)[8][4], unsigned long long a, unsigned long long b) { \
        asm volatile("wgmma.mma_async.sync.aligned.m64n64k16.f32." TYPE "." TYPE " {"           \
                     LONGSPAN_SUMS "}, %32, %33, 1, 1, 1, 0, 0;"                                \
                     : LONGSPAN_SUM_OPERANDS                                                    \
                     : "l"(a), "l"(b)                                                           \
                     : "memory");                                                               \
    }

// sum[64x64] += a[64x16] * b[16x64]; a in registers, the rows of b in shared memory are its depth.
#define LONGSPAN_GROUP_OUTPUT(NAME, TYPE)                                                       \
    __device__ inline void NAME(float (&sum)[8][4], const unsigned (&a)[4],                     \
                                unsigned long long b) {                                         \
        asm volatile("wgmma.mma_async.sync.aligned.m64n64k16.f32." TYPE "." TYPE " {"           \
                     LONGSPAN_SUMS "}, {%32, %33, %34, %35}, %36, 1, 1, 1, 1;"                  \
                     : LONGSPAN_SUM_OPERANDS                                                    \
                     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b)                       \
                     : "memory");                                                               \
    }

#define LONGSPAN_SUMS                                                       \
    "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15," \
    "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31"
#define LONGSPAN_SUM_ROW(N) "+f"(sum[N][0]), "+f"(sum[N][1]), "+f"(sum[N][2]), "+f"(sum[N][3])
#define LONGSPAN_SUM_OPERANDS                                                      \
    LONGSPAN_SUM_ROW(0), LONGSPAN_SUM_ROW(1), LONGSPAN_SUM_ROW(2),                 \
        LONGSPAN_SUM_ROW(3), LONGSPAN_SUM_ROW(4), LONGSPAN_SUM_ROW(5),             \
        LONGSPAN_SUM_ROW(6), LONGSPAN_SUM_ROW(7)

LONGSPAN_GROUP_SCORES(group_scores_half, "f16")
LONGSPAN_GROUP_SCORES(group_scores_bf16, "bf16")
LONGSPAN_GROUP_OUTPUT(group_output_half, "f16")
LONGSPAN_GROUP_OUTPUT(group_output_bf16, "bf16")

#endif

#endif

}  // namespace longspan
