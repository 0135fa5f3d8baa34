// Tiles of 64 x 64 in ordinary float32 arithmetic: every thread holds 8 rows x 4 columns of a tile
// of scores. Runs on any device and for any head size, stride and alignment; the tensor cores'
// kernels are checked against it.
#pragma once
#include <bias.cuh>
#include <dropout.cuh>
#include <elements.cuh>
#include <softmax.cuh>

namespace longspan {

constexpr int kFfmaThreads = 128;
constexpr int kRows = 8;     // of a tile, per thread
constexpr int kColumns = 4;  // of a tile, per thread
// Numbers from one row of a panel to the next: a multiple of 4 so that rows are read in fours, and
// not of 32 so that neighbouring rows lie in other banks.
constexpr int kPitch = kTile + 4;

// Columns of a head that are in shared memory at once.
template <int D>
constexpr int kChunk = D < kTile ? D : kTile;

// Shared by all kernels of this kind. Panels are [depth][row or column]: a product runs down them.
struct FfmaTile {
    alignas(16) float a[kTile][kPitch];
    alignas(16) float b[kTile][kPitch];
    int keyToken[kTile];  // -1 for a key that nobody sees
    int queryToken[kTile];
    int queryRow[kTile];
    bool queryLive[kTile];
    Item item;  // here and not in every thread's registers
};

__device__ inline const Item &take_item(FfmaTile &tile, const Call &call, int index) {
    constexpr int words = sizeof(Item) / sizeof(int);
    if (threadIdx.x < words) {
        reinterpret_cast<int *>(&tile.item)[threadIdx.x] =
            reinterpret_cast<const int *>(call.items + index)[threadIdx.x];
    }
    __syncthreads();
    return tile.item;
}

// The thread's place in a tile: 16 threads side by side share 8 rows.
__device__ inline int first_row() { return (threadIdx.x >> 4) * kRows; }
__device__ inline int first_column() { return (threadIdx.x & 15) * kColumns; }

// sum[8][N] += a[depth][8 rows of the thread] * b[depth][N columns of the thread]
template <int N>
__device__ inline void multiply(float (&sum)[kRows][N], const float (&a)[kTile][kPitch],
                                const float (&b)[kTile][kPitch], int depth) {
    int row = first_row();
    int column = (threadIdx.x & 15) * N;
#pragma unroll 2
    for (int k = 0; k < depth; k++) {
        float left[kRows];
        float right[N];
#pragma unroll
        for (int i = 0; i < kRows; i++) {
            left[i] = a[k][row + i];
        }
#pragma unroll
        for (int j = 0; j < N; j++) {
            right[j] = b[k][column + j];
        }
#pragma unroll
        for (int i = 0; i < kRows; i++) {
#pragma unroll
            for (int j = 0; j < N; j++) {
                sum[i][j] = fmaf(left[i], right[j], sum[i][j]);
            }
        }
    }
}

template <int N>
__device__ inline void clear(float (&sum)[kRows][N]) {
#pragma unroll
    for (int i = 0; i < kRows; i++) {
#pragma unroll
        for (int j = 0; j < N; j++) {
            sum[i][j] = 0;
        }
    }
}

// Reads columns `from` to `from` + C of 64 rows; zeros where `row` says -1 and beyond the head, so
// that nothing else's NaN comes near a sum. Turned: panel[column][row].
template <class E, int C, bool turned>
__device__ inline void load_panel(float (&panel)[kTile][kPitch], const Call &call, const View &view,
                                  int head, int from, const int (&rows)[kTile],
                                  const bool *live) {
    // Few reads at once: more would cost registers that the sums need.
#pragma unroll 2
    for (int i = threadIdx.x; i < kTile * C; i += kFfmaThreads) {
        int r = i / C;
        int c = i % C;
        float number = 0;
        if (rows[r] >= 0 && (live == nullptr || live[r]) && from + c < call.headSize) {
            number = E::load(row_of<E>(view, rows[r], head)[from + c]);
        }
        if (turned) {
            panel[c][r] = number;
        } else {
            panel[r][c] = number;
        }
    }
}

// Takes the queries at 64 positions; whether all of them are live. Every thread gets the same answer.
__device__ inline bool take_queries(FfmaTile &tile, const Call &call, const Item &item, int first) {
    bool dead = false;
    if (threadIdx.x < kTile) {
        Query query = query_at(call, item, first + threadIdx.x);
        tile.queryToken[threadIdx.x] = query.token;
        tile.queryRow[threadIdx.x] = query.row;
        tile.queryLive[threadIdx.x] = query.live;
        dead = !query.live;
    }
    return __syncthreads_or(dead) == 0;
}

enum class Keys { None, Some, All };

// Takes the keys of a tile; how many of them may be seen. Every thread gets the same answer.
__device__ inline Keys take_keys(FfmaTile &tile, const Call &call, const Item &item, bool band,
                                 int first) {
    int token = -1;
    if (threadIdx.x < kTile) {
        int at = first + static_cast<int>(threadIdx.x);
        token = band ? band_key(call, item, at) : global_key(call, item, at);
        tile.keyToken[threadIdx.x] = token;
    }
    if (__syncthreads_or(token >= 0) == 0) {
        return Keys::None;
    }
    return __syncthreads_or(threadIdx.x < kTile && token < 0) == 0 ? Keys::All : Keys::Some;
}

// Whether every query of a tile sees every key: then nothing has to be asked one by one.
__device__ inline bool is_inside(const Item &item, bool allLive, Keys keys, bool band,
                                 int firstQuery, int firstKey) {
    return band && allLive && keys == Keys::All &&
           firstKey >= firstQuery + kTile - 1 - item.left &&
           firstKey + kTile - 1 <= firstQuery + item.right;
}

// Whether the thread's row sees the thread's column.
struct Sight {
    const FfmaTile &tile;
    const Call &call;
    bool band;
    int firstQuery;
    int firstKey;
    bool inside;

    __device__ bool operator()(int row, int column) const {
        if (inside) {
            return true;
        }
        int key = tile.keyToken[column];
        return tile.queryLive[row] && key >= 0 &&
               (band ? in_window(tile.item, firstQuery + row, firstKey + column)
                     : sees_global(call, tile.queryToken[row], key));
    }
};

// One bit for each of the thread's places in a tile: whether dropout keeps it. A loop that is not
// unrolled: the generator's code is long, and it is there once.
__device__ inline unsigned kept_places(const Call &call, const FfmaTile &tile) {
    const Item &item = tile.item;
    Dropout dropout(call, item);
    unsigned kept = 0;
#pragma unroll 1
    for (int n = 0; n < kRows * kColumns; n++) {
        int row = tile.queryToken[first_row() + n / kColumns] - item.start;
        int key = tile.keyToken[first_column() + n % kColumns] - item.start;
        kept |= static_cast<unsigned>(dropout.keeps(row, key)) << n;
    }
    return kept;
}

// The tile's raw products of queries (or gradients of output rows) with keys (or values).
template <class E, int D>
__device__ inline void tile_products(float (&sum)[kRows][kColumns], FfmaTile &tile,
                                     const Call &call, int head, const View &queries,
                                     const View &keys) {
    clear(sum);
#pragma unroll 1
    for (int from = 0; from < D; from += kChunk<D>) {
        __syncthreads();
        load_panel<E, kChunk<D>, true>(tile.a, call, queries, head, from, tile.queryRow,
                                       tile.queryLive);
        load_panel<E, kChunk<D>, true>(tile.b, call, keys, head, from, tile.keyToken, nullptr);
        __syncthreads();
        multiply(sum, tile.a, tile.b, kChunk<D>);
    }
}

// Puts a tile of weights where a product reads its left side: [query][key], or turned [key][query].
template <bool turned>
__device__ inline void put_weights(FfmaTile &tile, const float (&weights)[kRows][kColumns]) {
    int row = first_row();
    int column = first_column();
#pragma unroll
    for (int i = 0; i < kRows; i++) {
#pragma unroll
        for (int j = 0; j < kColumns; j++) {
            if (turned) {
                tile.a[column + j][row + i] = weights[i][j];
            } else {
                tile.a[row + i][column + j] = weights[i][j];
            }
        }
    }
}

// sum[chunk] += weights * rows of a tensor, the weights being in place.
template <class E, int D>
__device__ inline void gather(float (&sum)[D / kChunk<D>][kRows][kChunk<D> / 16], FfmaTile &tile,
                              const Call &call, const View &view, int head,
                              const int (&rows)[kTile], const bool *live) {
#pragma unroll
    for (int chunk = 0; chunk < D / kChunk<D>; chunk++) {
        __syncthreads();
        load_panel<E, kChunk<D>, false>(tile.b, call, view, head, chunk * kChunk<D>, rows, live);
        __syncthreads();
        multiply(sum[chunk], tile.a, tile.b, kTile);
    }
}

// Calls write(row of the tile, column of the head, number) for all that a thread has gathered.
template <int D, class W>
__device__ inline void each_gathered(const float (&sum)[D / kChunk<D>][kRows][kChunk<D> / 16],
                                     W write) {
    constexpr int N = kChunk<D> / 16;
#pragma unroll
    for (int chunk = 0; chunk < D / kChunk<D>; chunk++) {
#pragma unroll
        for (int i = 0; i < kRows; i++) {
#pragma unroll
            for (int j = 0; j < N; j++) {
                write(first_row() + i, chunk * kChunk<D> + (threadIdx.x & 15) * N + j,
                      sum[chunk][i][j]);
            }
        }
    }
}

}  // namespace longspan
