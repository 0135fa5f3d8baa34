package io.longspan.model.linear;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * oneDNN's C interface through the foreign function interface (oneDNN 3, {@code dnnl.h}). What it
 * makes lives as long as the arena that it was made for.
 *
 * <p>The library has an OpenMP of its own beside libtorch's. Every thread that calls it is told to
 * use one OpenMP thread, so that pool never comes to life; tiles are shared out by {@link
 * io.longspan.attention.compute.ComputeCrew}.
 */
final class OneDnn {
    /** {@code dnnl_exec_arg_t}: an int, a gap, a pointer. */
    static final long ARGUMENT_BYTES = 16;

    static final int BF16 = 2;
    static final int F32 = 3;
    static final int S8 = 5;
    private static final int CPU = 1;
    private static final int IN_ORDER = 1;

    /** Loaded on first use and never unloaded, as libtorch is. */
    private static final class Holder {
        static final Libraries LIBRARIES = Libraries.load();
    }

    private record Libraries(SymbolLookup library, SymbolLookup openMp) {
        static Libraries load() {
            try {
                OneDnnFiles.Unpacked files = OneDnnFiles.unpack();
                // First, so that the loader takes this one and looks for no other.
                SymbolLookup openMp = SymbolLookup.libraryLookup(files.openMp(), Arena.global());
                return new Libraries(
                        SymbolLookup.libraryLookup(files.library(), Arena.global()), openMp);
            } catch (IOException e) {
                throw new IllegalStateException("oneDNN could not be unpacked: " + e, e);
            }
        }
    }

    private final Libraries libraries = Holder.LIBRARIES;
    private final Map<String, MethodHandle> handles = new ConcurrentHashMap<>();
    private final MethodHandle execute;
    private final MethodHandle setData;
    private final MethodHandle setThreads;
    private final MethodHandle getThreads;
    private final MemorySegment engine;

    /** An engine on the CPU, closed with the arena. */
    OneDnn(Arena scope) {
        execute =
                bind(
                        "dnnl_primitive_execute",
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS));
        setData =
                bind(
                        "dnnl_memory_set_data_handle",
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
        Linker linker = Linker.nativeLinker();
        setThreads =
                linker.downcallHandle(
                        libraries.openMp().findOrThrow("omp_set_num_threads"),
                        FunctionDescriptor.ofVoid(JAVA_INT));
        getThreads =
                linker.downcallHandle(
                        libraries.openMp().findOrThrow("omp_get_max_threads"),
                        FunctionDescriptor.of(JAVA_INT));
        engine = create(scope, "dnnl_engine", "dnnl_engine_create", CPU, 0L);
    }

    MemorySegment engine() {
        return engine;
    }

    MemorySegment stream(Arena scope) {
        return create(scope, "dnnl_stream", "dnnl_stream_create", engine, IN_ORDER);
    }

    /** The instruction sets that oneDNN uses here, as its {@code dnnl_cpu_isa_t}. */
    int instructions() {
        return (int) answer("dnnl_get_effective_cpu_isa", FunctionDescriptor.of(JAVA_INT));
    }

    String version() {
        MemorySegment version =
                ((MemorySegment) answer("dnnl_version", FunctionDescriptor.of(ADDRESS)))
                        .reinterpret(3 * JAVA_INT.byteSize());
        int[] parts = version.toArray(JAVA_INT);
        return parts[0] + "." + parts[1] + "." + parts[2];
    }

    /** A description of a dense or row-strided array of three dimensions, the first of them 1. */
    MemorySegment layout(Arena scope, int type, long rows, long columns, long rowStride) {
        return layout(
                scope,
                type,
                new long[] {1, rows, columns},
                new long[] {rows * rowStride, rowStride, 1});
    }

    /** A description by dimensions and strides, in elements. */
    MemorySegment layout(Arena scope, int type, long[] dimensions, long[] strides) {
        try (Arena call = Arena.ofConfined()) {
            return create(
                    scope,
                    "dnnl_memory_desc",
                    "dnnl_memory_desc_create_with_strides",
                    dimensions.length,
                    call.allocateFrom(JAVA_LONG, Arrays.copyOf(dimensions, 12)),
                    type,
                    call.allocateFrom(JAVA_LONG, Arrays.copyOf(strides, 12)));
        }
    }

    long bytes(MemorySegment layout) {
        return (long)
                answer(
                        "dnnl_memory_desc_get_size",
                        FunctionDescriptor.of(JAVA_LONG, ADDRESS),
                        layout);
    }

    /** Memory of a layout at an address, which may be 0 until {@link #place}. */
    MemorySegment memory(Arena scope, MemorySegment layout, long address) {
        return create(
                scope,
                "dnnl_memory",
                "dnnl_memory_create",
                layout,
                engine,
                MemorySegment.ofAddress(address));
    }

    /**
     * Calls a function whose first parameter takes the address of what it makes.
     *
     * @param kind prefix of the function that ends it, {@code _destroy}
     * @return valid until the arena is closed
     */
    MemorySegment create(Arena scope, String kind, String function, Object... arguments) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment made = call.allocate(ADDRESS);
            Object[] all = new Object[arguments.length + 1];
            all[0] = made;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            call(function, all);
            return made.get(ADDRESS, 0)
                    .reinterpret(scope, pointer -> call(kind + "_destroy", pointer));
        }
    }

    /** Calls a function that is not in a hurry and answers with a status. */
    void call(String function, Object... arguments) {
        MemoryLayout[] types =
                Arrays.stream(arguments).map(OneDnn::type).toArray(MemoryLayout[]::new);
        int status = (int) answer(function, FunctionDescriptor.of(JAVA_INT, types), arguments);
        if (status != 0) {
            throw new OneDnnException(function, status);
        }
    }

    /** Calls any function that is not in a hurry. */
    Object answer(String function, FunctionDescriptor signature, Object... arguments) {
        try {
            return handles.computeIfAbsent(function, name -> bind(name, signature))
                    .invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(function + " threw", e);
        }
    }

    /** Says where the data of a memory lies. */
    void place(MemorySegment memory, long address) {
        try {
            check("dnnl_memory_set_data_handle", (int) setData.invokeExact(memory, address));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("dnnl_memory_set_data_handle threw", e);
        }
    }

    /** Runs a primitive on this thread; returns when it is done. */
    void execute(
            MemorySegment primitive, MemorySegment stream, int count, MemorySegment arguments) {
        try {
            check(
                    "dnnl_primitive_execute",
                    (int) execute.invokeExact(primitive, stream, count, arguments));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("dnnl_primitive_execute threw", e);
        }
    }

    /** Work of this thread in this library stays on this thread. */
    void oneThread() {
        setThreads(1);
    }

    /** Runs something with one OpenMP thread, then gives the calling thread back what it had. */
    void alone(Runnable work) {
        int before = threads();
        setThreads(1);
        try {
            work.run();
        } finally {
            setThreads(before);
        }
    }

    private int threads() {
        try {
            return (int) getThreads.invokeExact();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("omp_get_max_threads threw", e);
        }
    }

    private void setThreads(int threads) {
        try {
            setThreads.invokeExact(threads);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("omp_set_num_threads threw", e);
        }
    }

    private static void check(String function, int status) {
        if (status != 0) {
            throw new OneDnnException(function, status);
        }
    }

    private static MemoryLayout type(Object argument) {
        return switch (argument) {
            case Integer i -> JAVA_INT;
            case Long l -> JAVA_LONG;
            case Float f -> JAVA_FLOAT;
            case MemorySegment s -> ADDRESS;
            default -> throw new IllegalArgumentException("no C type for " + argument.getClass());
        };
    }

    /** A function of the library, for callers in a hurry. */
    MethodHandle bind(String name, FunctionDescriptor signature) {
        return Linker.nativeLinker()
                .downcallHandle(libraries.library().findOrThrow(name), signature);
    }
}
