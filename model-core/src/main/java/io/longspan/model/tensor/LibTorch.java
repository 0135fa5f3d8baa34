package io.longspan.model.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.djl.pytorch.jni.LibUtils;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The functions of libtorch's C interface that the bridge calls, bound to the very library that DJL
 * loaded. All return 0 for success.
 *
 * @param dataPointer {@code aoti_torch_get_data_ptr(tensor, void **)}
 * @param strides {@code aoti_torch_get_strides(tensor, int64_t **)}; the array belongs to the
 *     tensor
 * @param addProduct {@code aoti_torch_addmm_out(out, add, left, right, beta, alpha)}
 */
record LibTorch(MethodHandle dataPointer, MethodHandle strides, MethodHandle addProduct) {
    /**
     * Bound on first use, after the engine is up; the library stays loaded as long as the process.
     */
    private static final class Holder {
        static final LibTorch LIBRARY = bind();
    }

    static LibTorch library() {
        return Holder.LIBRARY;
    }

    /** Address of the first element of the tensor behind a DJL handle. */
    long dataAddress(long tensor) {
        return word(dataPointer, "aoti_torch_get_data_ptr", tensor);
    }

    /** Strides of the tensor behind a DJL handle, in elements. */
    long[] strides(long tensor, int rank) {
        long address = word(strides, "aoti_torch_get_strides", tensor);
        return MemorySegment.ofAddress(address)
                .reinterpret(rank * JAVA_LONG.byteSize())
                .toArray(JAVA_LONG);
    }

    /** Adds the product of two matrices to a third, in its place. */
    void addProduct(long sum, long left, long right) {
        MemorySegment target = MemorySegment.ofAddress(sum);
        try {
            int status =
                    (int)
                            addProduct.invokeExact(
                                    target,
                                    target,
                                    MemorySegment.ofAddress(left),
                                    MemorySegment.ofAddress(right),
                                    1f,
                                    1f);
            if (status != 0) {
                throw new IllegalStateException(
                        "libtorch answered aoti_torch_addmm_out with " + status);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            // invokeExact declares Throwable; a C function throws nothing.
            throw new IllegalStateException("aoti_torch_addmm_out threw", e);
        }
    }

    private static long word(MethodHandle call, String name, long tensor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            int status = (int) call.invokeExact(MemorySegment.ofAddress(tensor), out);
            if (status != 0) {
                throw new IllegalStateException("libtorch answered " + name + " with " + status);
            }
            return out.get(JAVA_LONG, 0);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            // invokeExact declares Throwable; a C function throws nothing.
            throw new IllegalStateException(name + " threw", e);
        }
    }

    private static LibTorch bind() {
        Path file = Path.of(LibUtils.getLibtorchPath(), libraryName(System.getProperty("os.name")));
        SymbolLookup library = SymbolLookup.libraryLookup(file, Arena.global());
        return new LibTorch(
                getter(library, "aoti_torch_get_data_ptr"),
                getter(library, "aoti_torch_get_strides"),
                bind(
                        library,
                        "aoti_torch_addmm_out",
                        FunctionDescriptor.of(
                                JAVA_INT,
                                ADDRESS,
                                ADDRESS,
                                ADDRESS,
                                ADDRESS,
                                JAVA_FLOAT,
                                JAVA_FLOAT)));
    }

    private static MethodHandle getter(SymbolLookup library, String name) {
        return bind(library, name, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    private static MethodHandle bind(
            SymbolLookup library, String name, FunctionDescriptor signature) {
        MemorySegment symbol =
                library.find(name)
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "this libtorch does not export "
                                                + name
                                                + "; use version 2.7.1, which the build brings"));
        return Linker.nativeLinker().downcallHandle(symbol, signature);
    }

    private static String libraryName(String operatingSystem) {
        String name = operatingSystem.toLowerCase(Locale.ROOT);
        if (name.contains("windows")) {
            return "torch_cpu.dll";
        }
        return name.contains("mac") ? "libtorch_cpu.dylib" : "libtorch_cpu.so";
    }
}
