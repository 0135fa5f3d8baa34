// Tiles for tensor cores: 16-bit rows in shared memory, fragments of 16 x 16, copies that run ahead.
// Needs compute capability 8.0, and rows that can be read 16 bytes at a time.
#pragma once
#include <bias.cuh>
#include <dropout.cuh>
#include <elements.cuh>
#include <softmax.cuh>

namespace longspan {

constexpr int kForwardRows = 128;
constexpr int kForwardThreads = 256;
constexpr int kBackwardThreads = 128;
constexpr int kStages = 2;    // one tile is used while the next arrives
constexpr int kGranule = 16;  // rows and columns of a fragment: what a warp skips by
constexpr unsigned kAllLanes = 0xFFFFFFFFu;

template <class E>
struct Tensor;

template <>
struct Tensor<Float16> {
    static __device__ inline unsigned pack(float low, float high) { return pack_half(low, high); }
    static __device__ inline void multiply(float (&sum)[4], const unsigned (&a)[4], unsigned b0,
                                           unsigned b1) {
        multiply_half(sum, a, b0, b1);
    }
};

template <>
struct Tensor<BFloat16> {
    static __device__ inline unsigned pack(float low, float high) { return pack_bf16(low, high); }
    static __device__ inline void multiply(float (&sum)[4], const unsigned (&a)[4], unsigned b0,
                                           unsigned b1) {
        multiply_bf16(sum, a, b0, b1);
    }
};

// A tile of rows of D elements. The 16-byte pieces of a row change places with the row's number, so
// that eight rows' pieces of one column lie in different banks.
template <int D>
struct Rows {
    static constexpr int kPieces = D / 8;

    unsigned short *data;

    __device__ unsigned short *piece(int row, int piece) const {
        int turn = kPieces >= 8 ? row & 7 : (row >> 1) & 3;
        return data + row * D + (piece ^ turn) * 8;
    }
};

// A fragment of 16 rows x 16 columns, as the left side of a product.
template <int D>
__device__ inline void left_fragment(unsigned (&a)[4], const Rows<D> &rows, int row, int column) {
    int lane = threadIdx.x & 31;
    load_matrices(a, rows.piece(row + (lane & 15), column / 8 + (lane >> 4)));
}

// The same 16 rows as the columns of a product's right side: b[0], b[1] are rows 0 to 7, b[2], b[3]
// are rows 8 to 15.
template <int D>
__device__ inline void right_fragment(unsigned (&b)[4], const Rows<D> &rows, int row, int column) {
    int lane = threadIdx.x & 31;
    load_matrices(b, rows.piece(row + (lane & 7) + (lane >> 4) * 8, column / 8 + (lane >> 3 & 1)));
}

// 16 rows as the depth of a product's right side: b[0], b[1] are columns 0 to 7, b[2], b[3] are
// columns 8 to 15.
template <int D>
__device__ inline void depth_fragment(unsigned (&b)[4], const Rows<D> &rows, int row, int column) {
    int lane = threadIdx.x & 31;
    load_matrices_turned(b, rows.piece(row + (lane & 15), column / 8 + (lane >> 4)));
}

// Sums of a product as the left side of the next one: 16 rows x 16 columns.
template <class E>
__device__ inline void as_left(unsigned (&a)[4], const float (&first)[4], const float (&second)[4]) {
    a[0] = Tensor<E>::pack(first[0], first[1]);
    a[1] = Tensor<E>::pack(first[2], first[3]);
    a[2] = Tensor<E>::pack(second[0], second[1]);
    a[3] = Tensor<E>::pack(second[2], second[3]);
}

// Starts to copy a tile. row_at(r) is the row of the tensor, -1 for zeros: what nobody sees is not
// read, NaN or not.
template <int D, class R>
__device__ inline void copy_rows(const Rows<D> &to, int rows, int threads, const Call &call,
                                 const View &view, int head, R row_at) {
    for (int i = threadIdx.x; i < rows * Rows<D>::kPieces; i += threads) {
        int r = i / Rows<D>::kPieces;
        int piece = i % Rows<D>::kPieces;
        int row = row_at(r);
        bool real = row >= 0 && piece * 8 < call.headSize;
        const unsigned short *from =
            row_of<BFloat16>(view, real ? row : 0, head) + (real ? piece * 8 : 0);
        copy_async(to.piece(r, piece), from, real);
    }
}

// Which of a tile's 64 rows are seen, one bit each; two stages.
struct LiveBits {
    unsigned words[kStages][2];

    __device__ bool has(int stage, int row) const {
        return words[stage][row >> 5] >> (row & 31) & 1;
    }
    __device__ bool all(int stage) const {
        return (words[stage][0] & words[stage][1]) == 0xFFFFFFFFu;
    }
    // Called by the first two warps.
    __device__ void set(int stage, bool live) {
        unsigned bits = __ballot_sync(kAllLanes, live);
        if ((threadIdx.x & 31) == 0) {
            words[stage][threadIdx.x >> 5] = bits;
        }
    }
};

// Columns of a fragment of sums: a lane holds columns 2t and 2t + 1 of rows g and g + 8.
__device__ inline int lane_row() { return (threadIdx.x & 31) >> 2; }
__device__ inline int lane_column() { return (threadIdx.x & 3) * 2; }

// Writes a warp's 16 rows: row_at(r) is the row of the tensor or -1, r from 0 to 15.
template <class E, int D, class R>
__device__ inline void write_rows(const float (&sum)[D / 8][4], const Call &call, const View &view,
                                  int head, const float (&factor)[2], R row_at) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
        int row = row_at(lane_row() + half * 8);
        if (row < 0) {
            continue;
        }
        auto *to = row_of<E>(view, row, head);
#pragma unroll
        for (int n = 0; n < D / 8; n++) {
            int d = n * 8 + lane_column();
            if (d < call.headSize) {
                *reinterpret_cast<unsigned *>(to + d) = Tensor<E>::pack(
                    sum[n][half * 2] * factor[half], sum[n][half * 2 + 1] * factor[half]);
            }
        }
    }
}

}  // namespace longspan
