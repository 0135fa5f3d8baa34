package io.longspan.ingest;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.BitSet;

/**
 * Which records of which lanes have a text that stands earlier in the source: a bit for each
 * record, so a thousand million records take 125 MB. Once it is complete, any thread may ask.
 */
final class Duplicates {
    private final BitSet[] lanes;

    Duplicates(int lanes) {
        this.lanes = new BitSet[lanes];
        for (int i = 0; i < lanes; i++) {
            this.lanes[i] = new BitSet();
        }
    }

    /** Hears of a record. */
    @FunctionalInterface
    interface Listener {
        void duplicate(int lane, long record);
    }

    void add(int lane, long record) {
        lanes[lane].set(Math.toIntExact(record));
    }

    boolean contains(int lane, long record) {
        return lane < lanes.length && lanes[lane].get(Math.toIntExact(record));
    }

    long count() {
        long found = 0;
        for (BitSet lane : lanes) {
            found += lane.cardinality();
        }
        return found;
    }

    void write(OutputStream to) throws IOException {
        DataOutputStream out = new DataOutputStream(to);
        out.writeInt(lanes.length);
        for (BitSet lane : lanes) {
            byte[] bits = lane.toByteArray();
            out.writeInt(bits.length);
            out.write(bits);
        }
        out.flush();
    }

    static Duplicates read(InputStream from) throws IOException {
        DataInputStream in = new DataInputStream(from);
        Duplicates found = new Duplicates(in.readInt());
        for (int i = 0; i < found.lanes.length; i++) {
            byte[] bits = new byte[in.readInt()];
            in.readFully(bits);
            found.lanes[i] = BitSet.valueOf(bits);
        }
        return found;
    }
}
