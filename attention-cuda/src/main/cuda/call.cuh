// What a kernel is given: one Call per launch, one Item per block. The Java side writes both byte
// by byte, so every field's place is asserted here and compared with Java's layout in a test.
#pragma once

namespace longspan {

// Roles of tokens, as in TokenRole.
constexpr unsigned char kLocal = 1;
constexpr unsigned char kGlobal = 2;

// A tensor [rows, heads, headSize] or [rows, heads]: strides in elements, the innermost one is 1.
struct View {
    unsigned long long address;
    long long row;
    long long head;
};

// One block's share of the work: a tile of a strip. A strip is every dilation-th token of a
// sequence from a first on; to each other these tokens are a dense band, and their index in the
// strip is their position.
struct Item {
    int start;        // packed index of the sequence's first token
    int sequence;     // index in the batch
    int head;
    int residue;      // index in the sequence of the strip's first token
    int dilation;
    int length;       // positions of the strip
    int left;         // positions that a query looks back
    int right;        // positions that a query looks ahead
    int first;        // first position of the tile; of a tile of global keys, its first global; of
                      // a sum of the bias, its first column
    int firstGlobal;  // in Call::globals, of the sequence
    int globalCount;  // of the sequence
    int otherFirst;   // first position of the other side to visit
    int otherEnd;     // one past the last; of a sum, the number of its parts
    int part;         // slot among the partial sums, or -1 for a tile of the band
};

struct Call {
    View query;           // [R, H, D]
    View key;             // [T, H, D]
    View value;           // [T, H, D]
    View output;          // [R, H, D]
    View outputGradient;  // [R, H, D]
    View queryGradient;   // [R, H, D]
    View keyGradient;     // [T, H, D]
    View valueGradient;   // [T, H, D]
    View logSumExp;       // [R, H] float32, address 0 when not wanted
    View bias;            // [H, columns] float32 of offsets, address 0 for none
    View biasGradient;    // [H, columns] float32
    const Item *items;
    const unsigned char *roles;         // [T]
    const int *rowOf;                   // [T] row of a token or -1, null when row = token
    const int *globals;                 // packed indices of global tokens
    float *softmax;                     // [R, H, 2] exponent that is subtracted, 1 / sum; or null
    float *delta;                       // [R, H] rowsum(output * its gradient)
    float *partial;                     // [parts, 2, kTile, D]
    float *biasPartial;                 // [parts, columns]
    const unsigned long long *samples;  // [B] sample ids, null for no dropout
    unsigned long long dropoutKey;
    int heads;
    int headSize;
    int rows;
    int causal;
    int dropThreshold;  // of 65536
    float keepScale;
    float scale;
    float scoreLog2;  // scale * log2(e)
    int biasLeft;     // column of offset 0
    int biasColumns;
};

static_assert(sizeof(View) == 24, "View");
static_assert(sizeof(Item) == 56, "Item");
static_assert(sizeof(Call) == 384, "Call");

}  // namespace longspan
