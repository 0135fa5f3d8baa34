package io.longspan.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.longspan.model.ModelInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files end in tensors of the announced sizes or in a refusal, soon and in little memory.
 */
final class TorchFuzzTest {
    private static final Path VALID = Path.of("src/test/resources/torch/kinds.bin");
    private static final String INSTRUCTIONS =
            "().N}]aesu tRQbcio0\u0080\u0081\u0082\u0085\u0086\u0087\u0088\u008a\u0093\u0094JKMXhjqr";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir private Path folder;

    @Test
    void damagedArchivesAreReadOrRefused() throws IOException {
        Random random = seeded();
        byte[] valid = Files.readAllBytes(VALID);
        int directory = valid.length - 1600;
        int refused =
                assertTimeout(
                        LIMIT,
                        () -> {
                            int count = 0;
                            for (int round = 0; round < 1500; round++) {
                                byte[] broken = valid.clone();
                                for (int i = 0; i <= random.nextInt(4); i++) {
                                    int at =
                                            switch (random.nextInt(3)) {
                                                case 0 -> random.nextInt(valid.length);
                                                case 1 -> random.nextInt(1600); // the pickle
                                                default ->
                                                        directory
                                                                + random.nextInt(
                                                                        valid.length - directory);
                                            };
                                    broken[at] = (byte) random.nextInt(256);
                                }
                                if (random.nextInt(10) == 0) {
                                    broken = Arrays.copyOf(broken, random.nextInt(broken.length));
                                }
                                count += readsOrRefuses(broken) ? 0 : 1;
                            }
                            return count;
                        });
        assertThat(refused).isBetween(300, 1499);
    }

    @Test
    void damagedListsOfTensorsAreReadOrRefused() throws IOException {
        Random random = seeded();
        byte[] valid;
        try (ZipFile zip = new ZipFile(VALID.toFile());
                var list = zip.getInputStream(zip.getEntry("kinds/data.pkl"))) {
            valid = list.readAllBytes();
        }
        int refused =
                assertTimeout(
                        LIMIT,
                        () -> {
                            int count = 0;
                            for (int round = 0; round < 1500; round++) {
                                byte[] broken = scramble(valid, random);
                                Path file = TorchBytes.write(folder.resolve("list.bin"), broken);
                                count += readsOrRefuses(Files.readAllBytes(file)) ? 0 : 1;
                            }
                            return count;
                        });
        assertThat(refused).isBetween(600, 1500);
    }

    /** Other instructions in place of those that are there, or pieces of the list moved about. */
    private static byte[] scramble(byte[] valid, Random random) {
        byte[] broken = valid.clone();
        for (int i = 0; i <= random.nextInt(5); i++) {
            int at = random.nextInt(broken.length);
            if (random.nextBoolean()) {
                broken[at] = (byte) INSTRUCTIONS.charAt(random.nextInt(INSTRUCTIONS.length()));
            } else {
                int length = random.nextInt(Math.min(40, broken.length - at));
                System.arraycopy(valid, random.nextInt(valid.length - length), broken, at, length);
            }
        }
        return broken;
    }

    private boolean readsOrRefuses(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("broken.bin"), bytes);
        try (TorchFile open = TorchFile.open(file)) {
            long read = 0;
            for (String name : open.names()) {
                StoredTensor tensor = open.get(name);
                assertThat(tensor.data().byteSize()).isEqualTo(tensor.info().bytes());
                for (long at = 0; at < tensor.data().byteSize(); at++) {
                    read += tensor.data().get(java.lang.foreign.ValueLayout.JAVA_BYTE, at);
                }
            }
            return read < Long.MAX_VALUE;
        } catch (ModelInputException e) {
            assertThat(e).hasMessageContaining(file.toString());
            assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(1500);
            return false;
        }
    }

    private static Random seeded() {
        long seed = Long.getLong("longspan.test.seed", 20_261_124);
        System.out.println("seed " + seed);
        return new Random(seed);
    }
}
