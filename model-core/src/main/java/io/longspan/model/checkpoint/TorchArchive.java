package io.longspan.model.checkpoint;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * The zip archive around a PyTorch file: {@code NAME/data.pkl}, the list of tensors, and {@code
 * NAME/data/KEY}, the values of a storage. Entries lie in the file as they are, so they are mapped
 * and never unpacked; there is nothing that could grow.
 */
final class TorchArchive {
    private static final String LIST = "/data.pkl";

    /** What a file began with before the archive: a pickle of this number. */
    private static final byte[] OLD_MAGIC = {
        (byte) 0x80,
        2,
        (byte) 0x8a,
        10,
        'l',
        (byte) 0xfc,
        (byte) 0x9c,
        'F',
        (byte) 0xf9,
        ' ',
        'j',
        (byte) 0xa8,
        'P',
        0x19
    };

    private final MemorySegment file;
    private final String root;
    private final Map<String, ZipArchiveEntry> entries;

    private TorchArchive(MemorySegment file, String root, Map<String, ZipArchiveEntry> entries) {
        this.file = file;
        this.root = root;
        this.entries = entries;
    }

    /**
     * Reads the archive's directory.
     *
     * @param channel of the file; closed when this returns
     * @param file the same, mapped
     */
    static TorchArchive read(FileChannel channel, MemorySegment file) throws IOException {
        requireZip(file);
        Map<String, ZipArchiveEntry> entries = new HashMap<>();
        for (ZipArchiveEntry entry : directory(channel)) {
            if (entries.put(entry.getName(), entry) != null) {
                throw new ModelInputException(
                        "the archive holds "
                                + Quoted.of(entry.getName())
                                + " twice; do not trust it");
            }
        }
        List<String> lists =
                entries.keySet().stream()
                        .filter(name ->
                                name.endsWith(LIST)
                                        && name.indexOf('/') == name.length() - LIST.length())
                        .sorted()
                        .toList();
        if (lists.size() != 1) {
            throw new ModelInputException(
                    "the archive holds "
                            + lists.size()
                            + " lists of tensors (data.pkl); a PyTorch file has exactly one, so get"
                            + " it again");
        }
        String list = lists.getFirst();
        TorchArchive archive =
                new TorchArchive(file, list.substring(0, list.length() - LIST.length()), entries);
        archive.requireLittleEndian();
        return archive;
    }

    /** The list of tensors, a pickle of at most the given bytes. */
    byte[] list(long largest) {
        MemorySegment list = entry("data.pkl");
        if (list.byteSize() > largest) {
            throw new ModelInputException(
                    "the archive's data.pkl has "
                            + list.byteSize()
                            + " bytes; at most "
                            + largest
                            + " are read, so save the weights alone");
        }
        return list.toArray(ValueLayout.JAVA_BYTE);
    }

    /** The values of a storage. */
    MemorySegment values(TorchStorage storage) {
        MemorySegment values = entry("data/" + storage.key());
        long width = storage.dtype().bytes();
        if (values.byteSize() % width != 0 || values.byteSize() / width != storage.values()) {
            throw new ModelInputException(
                    "the archive's storage "
                            + Quoted.of(storage.key())
                            + " has "
                            + values.byteSize()
                            + " bytes; "
                            + storage.values()
                            + " values of "
                            + storage.dtype()
                            + " were announced, so get the file again");
        }
        return values;
    }

    private MemorySegment entry(String name) {
        ZipArchiveEntry entry = entries.get(root + "/" + name);
        if (entry == null) {
            throw new ModelInputException(
                    "the archive lacks "
                            + Quoted.of(root + "/" + name)
                            + "; it is cut off or damaged, so get it again");
        }
        if (entry.getMethod() != ZipEntry.STORED || entry.getGeneralPurposeBit().usesEncryption()) {
            throw new ModelInputException(
                    "the archive's "
                            + Quoted.of(entry.getName())
                            + " is compressed or encrypted; PyTorch stores it as it is, so save the"
                            + " weights again with torch.save");
        }
        long begin = entry.getDataOffset();
        long size = entry.getSize();
        if (begin < 0 || size < 0 || begin > file.byteSize() || size > file.byteSize() - begin) {
            throw new ModelInputException(
                    "the archive's "
                            + Quoted.of(entry.getName())
                            + " lies outside of the file; it is cut off, so get it again");
        }
        return file.asSlice(begin, size);
    }

    /** Absent in files from before PyTorch 2.1, which were always little-endian in practice. */
    private void requireLittleEndian() {
        if (!entries.containsKey(root + "/byteorder")) {
            return;
        }
        MemorySegment order = entry("byteorder");
        byte[] text =
                order.asSlice(0, Math.min(order.byteSize(), 16)).toArray(ValueLayout.JAVA_BYTE);
        String found = new String(text, StandardCharsets.UTF_8).strip();
        if (!found.equals("little")) {
            throw new ModelInputException(
                    "the archive's byte order is "
                            + Quoted.of(found)
                            + "; it must be little, so save the weights on a little-endian machine");
        }
    }

    private static void requireZip(MemorySegment file) {
        if (file.byteSize() >= OLD_MAGIC.length
                && file.asSlice(0, OLD_MAGIC.length).mismatch(MemorySegment.ofArray(OLD_MAGIC))
                        == -1) {
            throw new ModelInputException(
                    "this is PyTorch's format from before version 1.6, which is not read; load it"
                            + " once with torch.load and save it with torch.save, or as safetensors");
        }
        boolean zip =
                file.byteSize() > 4
                        && file.get(ValueLayout.JAVA_BYTE, 0) == 'P'
                        && file.get(ValueLayout.JAVA_BYTE, 1) == 'K';
        if (!zip) {
            throw new ModelInputException(
                    "this is no PyTorch file, which is a zip archive; get it again or get the weights"
                            + " as safetensors");
        }
    }

    @SuppressWarnings("IllegalCatch") // the library's complaints about damage are of every kind
    private static List<ZipArchiveEntry> directory(FileChannel channel) throws IOException {
        ZipFile.Builder builder =
                ZipFile.builder()
                        .setSeekableByteChannel(channel)
                        .setUseUnicodeExtraFields(false)
                        .setMaxNumberOfDisks(1);
        try (ZipFile zip = builder.get()) {
            return Collections.list(zip.getEntries());
        } catch (IOException | RuntimeException e) {
            throw new ModelInputException(
                    String.format(
                            Locale.ROOT,
                            "the archive's directory cannot be read (%s); it is cut off or damaged,"
                                    + " so get it again",
                            Quoted.plain(String.valueOf(e.getMessage()))),
                    e);
        }
    }
}
