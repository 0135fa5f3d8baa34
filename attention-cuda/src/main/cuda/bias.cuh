// The additive bias per head and offset, and the sums of its gradient along diagonals.
#pragma once
#include <geometry.cuh>
#include <instructions.cuh>

namespace longspan {

constexpr float kLog2e = 1.4426950408889634f;

// With a bias, scores are turned into binary exponents at once, so that `slope` is 1; without one
// they stay raw products until the exponential.
class OffsetBias {
  public:
    __device__ OffsetBias(const Call &call, const Item &item)
        : column_(call.bias.address == 0
                      ? nullptr
                      : reinterpret_cast<const float *>(call.bias.address) +
                            item.head * call.bias.row + call.biasLeft),
          scoreLog2_(call.scoreLog2) {}

    __device__ bool on() const { return column_ != nullptr; }

    // The factor from a score to a binary exponent.
    __device__ float slope() const { return on() ? 1.0f : scoreLog2_; }

    // A raw product as a score. Columns out of the head's own reach may hold anything and are not
    // read; global keys get no bias.
    __device__ float score(float product, bool band, const Item &item, int query, int key) const {
        if (!on()) {
            return product;
        }
        return band && in_window(item, query, key)
                   ? fmaf(product, scoreLog2_, column_[key - query] * kLog2e)
                   : product * scoreLog2_;
    }

  private:
    const float *column_;  // of offset 0
    float scoreLog2_;
};

// Adds the diagonals of a tile of score gradients [query][key] to a block's own part: one thread
// per diagonal, so that the order of the sums is fixed. What is out of reach is not looked at.
__device__ inline void add_diagonals(const Call &call, const Item &item, const float *tile,
                                     int pitch, int firstQuery, int firstKey) {
    int diagonal = static_cast<int>(threadIdx.x) - (kTile - 1);
    int offset = firstKey - firstQuery + diagonal;
    if (diagonal >= kTile || offset < -item.left || offset > item.right) {
        return;
    }
    int from = diagonal < 0 ? -diagonal : 0;
    int end = diagonal < 0 ? kTile : kTile - diagonal;
    float sum = 0;
    for (int row = from; row < end; row++) {
        sum += tile[row * pitch + row + diagonal];
    }
    call.biasPartial[static_cast<long long>(item.part) * call.biasColumns + call.biasLeft +
                     offset] += sum;
}

// Clears a block's own part.
__device__ inline void clear_bias(const Call &call, const Item &item, int threads) {
    float *part = call.biasPartial + static_cast<long long>(item.part) * call.biasColumns;
    for (int c = threadIdx.x; c < call.biasColumns; c += threads) {
        part[c] = 0;
    }
}

// Keys that a tile of queries may see in the band: dropout wants tiles that begin at a draw.
__device__ inline int band_begin(const Item &item, int firstQuery) {
    int from = firstQuery - item.left;
    return from < 0 ? 0 : from / 8 * 8;
}

__device__ inline int band_end(const Item &item, int firstQuery) {
    return least(item.length, firstQuery + kTile + item.right);
}

}  // namespace longspan
