package io.longspan.attention.cuda;

/** A piece of device memory of a {@link DevicePool}; closing gives it back, twice is harmless. */
final class DeviceBlock implements AutoCloseable {
    private final DevicePool pool;
    private final long address;
    private final long bytes;
    private boolean open = true;

    DeviceBlock(DevicePool pool, long address, long bytes) {
        this.pool = pool;
        this.address = address;
        this.bytes = bytes;
    }

    long address() {
        return address;
    }

    /** Bytes held, at least what was asked for. */
    long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        pool.giveBack(this);
    }

    /** True once. */
    boolean takeOpen() {
        boolean was = open;
        open = false;
        return was;
    }
}
