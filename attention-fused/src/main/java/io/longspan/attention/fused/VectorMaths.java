package io.longspan.attention.fused;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Makes the vector kernels in any width that the machine has.
 *
 * <p>The compiler turns vector code into instructions only where the species is a constant of the
 * class. So the kernels are written once and loaded once per width, each time as a hidden class
 * that carries its width.
 */
final class VectorMaths {
    private static final int AVX_512 = 512;

    private VectorMaths() {}

    /** Bits of the widest float vector of this machine. */
    static int widest() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }

    /** The kernels with vectors of 512, 256 or 128 bits. */
    static TileMath of(int bits) {
        return switch (bits) {
            case 512 -> Bits512.MATH;
            case 256 -> Bits256.MATH;
            case 128 -> Bits128.MATH;
            default ->
                    throw new IllegalArgumentException(
                            "vector width is " + bits + " bits; it must be 512, 256 or 128");
        };
    }

    // A class each, so that a width is made when it is first asked for, and once.
    private static final class Bits512 {
        static final TileMath MATH = make(512);
    }

    private static final class Bits256 {
        static final TileMath MATH = make(256);
    }

    private static final class Bits128 {
        static final TileMath MATH = make(128);
    }

    /** For a kernel class's own static field: the species of the width that it was loaded for. */
    static VectorSpecies<Float> species(MethodHandles.Lookup kernel) {
        try {
            Integer bits =
                    MethodHandles.classData(kernel, ConstantDescs.DEFAULT_NAME, Integer.class);
            return bits == null
                    ? FloatVector.SPECIES_PREFERRED
                    : VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException("a class may read its own data", impossible);
        }
    }

    /** Whether a core has 32 registers of this width. */
    static boolean manyRegisters(VectorSpecies<Float> species) {
        String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return species.vectorBitSize() == AVX_512 || processor.equals("aarch64");
    }

    private static TileMath make(int bits) {
        return new TileMath(
                bits + "-bit vectors",
                (TileProducts) load(VectorProducts.class, bits),
                (TileRows) load(VectorRows.class, bits),
                (TileDraws) load(VectorDraws.class, bits));
    }

    private static Object load(Class<?> kernel, int bits) {
        String file = kernel.getSimpleName() + ".class";
        try (InputStream in = kernel.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(
                        "class file '" + file + "' is not beside its class");
            }
            return MethodHandles.lookup()
                    .defineHiddenClassWithClassData(in.readAllBytes(), bits, true)
                    .lookupClass()
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (IOException e) {
            throw new UncheckedIOException("class file '" + file + "' cannot be read", e);
        } catch (NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException(
                    "kernels of " + bits + " bits cannot be loaded from '" + file + "'", e);
        }
    }
}
