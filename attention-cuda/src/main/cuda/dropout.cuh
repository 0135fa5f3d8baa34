// Which probabilities are dropped: Philox4x32-10 counted by the row and key in the sequence, as
// DropoutMask defines it. No state, so tiles and passes agree without talking.
#pragma once
#include <geometry.cuh>
#include <instructions.cuh>

namespace longspan {

class Dropout {
  public:
    __device__ Dropout(const Call &call, const Item &item)
        : on_(call.samples != nullptr),
          threshold_(static_cast<unsigned>(call.dropThreshold)),
          keep_(call.keepScale),
          key_(call.dropoutKey) {
        unsigned long long sample = on_ ? call.samples[item.sequence] : 0;
        low_ = static_cast<unsigned>(sample);
        high_ = static_cast<unsigned>(sample >> 32) << 16 | static_cast<unsigned>(item.head);
    }

    __device__ bool on() const { return on_; }

    // The factor on a probability that is kept.
    __device__ float keep() const { return keep_; }

    // Whether a probability is kept; neighbouring keys of a row share a draw.
    __device__ bool keeps(int row, int key) {
        int block = key >> 3;
        if (row != row_ || block != block_) {
            row_ = row;
            block_ = block;
            draw(static_cast<unsigned>(block), static_cast<unsigned>(row));
        }
        // Four scalars and no array: an array with a changing index would live in memory.
        unsigned pair = (key & 4) ? ((key & 2) ? w3_ : w2_) : ((key & 2) ? w1_ : w0_);
        unsigned level = (key & 1) ? pair >> 16 : pair & 0xFFFFu;
        return level >= threshold_;
    }

  private:
    __device__ void draw(unsigned c0, unsigned c1) {
        unsigned c2 = high_;
        unsigned c3 = low_;
        unsigned k0 = static_cast<unsigned>(key_);
        unsigned k1 = static_cast<unsigned>(key_ >> 32);
#pragma unroll
        for (int round = 0; round < 10; round++) {
            unsigned high0 = multiply_high(0xD2511F53u, c0);
            unsigned low0 = 0xD2511F53u * c0;
            unsigned high1 = multiply_high(0xCD9E8D57u, c2);
            unsigned low1 = 0xCD9E8D57u * c2;
            c0 = high1 ^ c1 ^ k0;
            c1 = low1;
            c2 = high0 ^ c3 ^ k1;
            c3 = low0;
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }
        w0_ = c0;
        w1_ = c1;
        w2_ = c2;
        w3_ = c3;
    }

    bool on_;
    unsigned threshold_;
    float keep_;
    unsigned long long key_;
    unsigned low_;
    unsigned high_;
    int row_ = -1;
    int block_ = -1;
    unsigned w0_ = 0, w1_ = 0, w2_ = 0, w3_ = 0;
};

}  // namespace longspan
