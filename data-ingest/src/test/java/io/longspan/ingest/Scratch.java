package io.longspan.ingest;

import io.longspan.corpus.DiskFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Sources made of the demo's books, and what is in folders. */
final class Scratch {
    static final Path DEMO = Path.of("../demo");
    static final Path TOKENIZER = DEMO.resolve("tokenizer");
    static final Path BOOKS = DEMO.resolve("books");
    private static final String[] NAMES = {
        "pg1952_yellow_wallpaper", "pg1080_modest_proposal", "pg11_alice_in_wonderland"
    };

    private Scratch() {}

    static long seed() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        return seed;
    }

    static Path book(int number) {
        return BOOKS.resolve(NAMES[number] + ".txt");
    }

    /**
     * Cuts books into documents in folders, and adds some that cannot be used: of every ten one is
     * empty, of every twenty one is no text.
     *
     * @return number of documents that can be used
     */
    static int cut(Path source, Random random, int documents) throws IOException {
        String all = "";
        for (int i = 0; i < NAMES.length; i++) {
            all += Files.readString(book(i));
        }
        int good = 0;
        for (int d = 0; d < documents; d++) {
            int from = random.nextInt(all.length() - 5000);
            byte[] text =
                    all.substring(from, from + 200 + random.nextInt(4000))
                            .getBytes(StandardCharsets.UTF_8);
            if (d % 10 == 3) {
                text = " \n\n".getBytes(StandardCharsets.UTF_8);
            } else if (d % 20 == 6) {
                text[text.length / 2] = (byte) 0xFF;
            } else {
                good++;
            }
            Path file = source.resolve("part-" + d % 3).resolve("doc-" + d + ".txt");
            Files.createDirectories(file.getParent());
            Files.write(file, text);
        }
        return good;
    }

    /** Digests of everything in a folder by relative path, apart from the lock. */
    static SortedMap<String, String> contents(Path folder) {
        SortedMap<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                if (!name.equals(".lock")) {
                    MessageDigest digest = DiskFiles.sha256();
                    digest.update(Files.readAllBytes(file));
                    found.put(name, DiskFiles.hex(digest));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    static IngestRequest request(Corpus corpus, Path source, Path out) {
        return IngestRequest.of(corpus, source, out, TOKENIZER).withWorkers(2);
    }
}
