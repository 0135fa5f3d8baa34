package io.longspan.bench;

import io.longspan.model.InputFiles;
import io.longspan.model.ModelInputException;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Blocks of real text with hidden tokens.
 *
 * @param ids of each block, {@code <s>} and {@code </s>} around it
 * @param hidden places in each block, ascending
 */
record AccuracyTexts(List<long[]> ids, List<int[]> hidden) {
    /** Reads the texts of a request, evenly spread. */
    static AccuracyTexts read(AccuracyRequest asked, RobertaTokenizer tokenizer, int longest) {
        int own = Math.min(asked.length(), longest) - 2;
        List<long[]> blocks = new ArrayList<>();
        for (Path file : files(asked.texts())) {
            int[] tokens = tokenizer.encode(text(file), false).ids();
            for (int from = 0; from < tokens.length; from += own) {
                int count = Math.min(own, tokens.length - from);
                long[] block = new long[count + 2];
                block[0] = tokenizer.special().bos();
                for (int i = 0; i < count; i++) {
                    block[1 + i] = tokens[from + i];
                }
                block[count + 1] = tokenizer.special().eos();
                blocks.add(block);
            }
        }
        if (blocks.isEmpty()) {
            throw new ModelInputException(
                    "'"
                            + asked.texts()
                            + "' holds no text; name a file, or a folder of .txt files");
        }
        int wanted = Math.clamp((asked.tokens() + own - 1L) / own, 1, blocks.size());
        List<long[]> kept =
                IntStream.range(0, wanted)
                        .mapToObj(i -> blocks.get((int) ((long) i * blocks.size() / wanted)))
                        .toList();
        Random random = new Random(asked.seed());
        return new AccuracyTexts(
                kept,
                kept.stream()
                        .map(block -> hidden(block.length, asked.maskShare(), random))
                        .toList());
    }

    /** At least one place of a block. */
    private static int[] hidden(int length, double share, Random random) {
        int[] places =
                IntStream.range(1, length - 1).filter(_ -> random.nextDouble() < share).toArray();
        return places.length == 0 ? new int[] {1} : places;
    }

    private static List<Path> files(Path texts) {
        if (!Files.isDirectory(texts)) {
            return List.of(texts);
        }
        try (Stream<Path> files = Files.list(texts)) {
            return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
        } catch (IOException e) {
            throw InputFiles.unreadable(texts, e);
        }
    }

    private static String text(Path file) {
        InputFiles.size(file);
        try {
            String text = Files.readString(file);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (IOException e) {
            throw InputFiles.unreadable(file, e);
        }
    }

    int tokens() {
        return ids.stream().mapToInt(block -> block.length).sum();
    }

    /** The hidden ones, block by block. */
    int[] truth() {
        return IntStream.range(0, ids.size())
                .flatMap(b -> IntStream.of(hidden.get(b)).map(at -> (int) ids.get(b)[at]))
                .toArray();
    }

    /** A block with masks where tokens are hidden. */
    long[] masked(int block, long mask) {
        long[] masked = ids.get(block).clone();
        IntStream.of(hidden.get(block)).forEach(at -> masked[at] = mask);
        return masked;
    }
}
