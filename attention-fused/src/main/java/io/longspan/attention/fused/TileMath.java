package io.longspan.attention.fused;

/**
 * The arithmetic of the kernels in one vector width.
 *
 * @param name for people, such as "512-bit vectors"
 * @param products of matrices
 * @param rows softmax and copies
 * @param draws of dropout
 */
record TileMath(String name, TileProducts products, TileRows rows, TileDraws draws) {
    /** Plain loops: what the vector code is read against. */
    static TileMath scalar() {
        return new TileMath(
                "scalar loops", new ScalarProducts(), new ScalarRows(), new ScalarDraws());
    }

    /** Whether it is compiled to vector instructions; plain loops need no warm-up. */
    boolean hasVectors() {
        return !(products instanceof ScalarProducts);
    }

    int lanes() {
        return products.lanes();
    }
}
