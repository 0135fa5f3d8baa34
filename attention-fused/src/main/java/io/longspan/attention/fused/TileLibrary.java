package io.longspan.attention.fused;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * The tiles with products of bfloat16, compiled from {@code src/main/c/tiles.c}: the instruction
 * they need cannot be reached from the Vector API. Everything else of the backend stays Java.
 *
 * @param queries packs queries
 * @param keys packs keys
 * @param values packs values
 * @param tile computes a tile
 * @param store writes output rows
 * @param memory that holds the library until it is closed
 */
record TileLibrary(
        MethodHandle queries,
        MethodHandle keys,
        MethodHandle values,
        MethodHandle tile,
        MethodHandle store,
        Arena memory)
        implements AutoCloseable {
    private static final String PLATFORM = "linux-x86_64";
    private static final String NAME = "liblongspan-tiles.so";
    private static final String PREFIX = "longspan_tiles_";

    /** The library, or why there is none. */
    sealed interface Found {}

    /**
     * It can be used.
     *
     * @param library for whoever asked to close
     */
    record There(TileLibrary library) implements Found {}

    /**
     * It cannot be used.
     *
     * @param reason for people
     */
    record Missing(String reason) implements Found {}

    /** For people: whether there are such products here, or why not. */
    static String words() {
        return switch (open()) {
            case There(TileLibrary library) -> {
                library.close();
                yield "bf16 products by AVX-512";
            }
            case Missing(String reason) -> "no bf16 products: " + reason;
        };
    }

    /** Loads the library, where the machine can run it. */
    @SuppressWarnings("MustBeClosedChecker") // The arena lives as long as the library.
    static Found open() {
        String machine =
                (System.getProperty("os.name") + "-" + System.getProperty("os.arch"))
                        .toLowerCase(Locale.ROOT)
                        .replace("amd64", "x86_64");
        if (!machine.equals(PLATFORM)) {
            return new Missing("the native tiles are for " + PLATFORM + ", this is " + machine);
        }
        Arena memory = Arena.ofShared();
        try {
            SymbolLookup symbols = load(memory);
            if ((int) ready(symbols).invokeExact() == 0) {
                memory.close();
                return new Missing("this processor has no AVX-512 BF16");
            }
            return new There(bound(symbols, memory));
        } catch (Throwable failed) {
            memory.close();
            if (failed instanceof VirtualMachineError fatal) {
                throw fatal;
            }
            return new Missing("the native tiles could not be loaded: " + failed.getMessage());
        }
    }

    /** The loader has the file open; its name is of no use any more. */
    private static SymbolLookup load(Arena memory) throws IOException {
        Path file = Files.createTempFile("longspan-tiles", ".so");
        try (InputStream in = TileLibrary.class.getResourceAsStream(PLATFORM + "/" + NAME)) {
            if (in == null) {
                throw new IOException("'" + NAME + "' is not on the class path");
            }
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return SymbolLookup.libraryLookup(file, memory);
        } finally {
            Files.delete(file);
        }
    }

    private static MethodHandle ready(SymbolLookup symbols) {
        return Linker.nativeLinker()
                .downcallHandle(
                        symbols.findOrThrow(PREFIX + "ready"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT));
    }

    private static TileLibrary bound(SymbolLookup symbols, Arena memory) {
        MemoryLayout at = ValueLayout.ADDRESS;
        MemoryLayout number = ValueLayout.JAVA_INT;
        MemoryLayout real = ValueLayout.JAVA_FLOAT;
        return new TileLibrary(
                call(symbols, "queries", at, number, number, at),
                call(symbols, "keys", at, number, number, at),
                call(symbols, "values", at, number, number, at),
                call(symbols, "tile", at, at, at, at, at, at, real, number, number, at, at),
                call(symbols, "store", at, at, at, number, number),
                memory);
    }

    private static MethodHandle call(SymbolLookup symbols, String name, MemoryLayout... arguments) {
        // A tile takes microseconds: short enough to keep the collector waiting instead of asking
        // it.
        return Linker.nativeLinker()
                .downcallHandle(
                        symbols.findOrThrow(PREFIX + name),
                        FunctionDescriptor.ofVoid(arguments),
                        Linker.Option.critical(false));
    }

    @Override
    public void close() {
        memory.close();
    }
}
