package io.longspan.training.data;

import io.longspan.attention.Philox;
import io.longspan.model.ModelInputException;
import io.longspan.training.config.DataMix;
import io.longspan.training.config.DataPart;
import io.longspan.training.config.TrainingConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The sequences of one or several data sets, numbered through, and the order in which a run reads
 * them: a function of the seed, each data set in epochs of its own. Thread-safe as far as the data
 * sets are.
 */
public final class Sequences {
    private static final int SOURCE = 21;

    private final List<Part> parts;
    private final Mixture mixture;
    private final double[] weights;
    private final Cut cut;

    /**
     * A data set.
     *
     * @param first number of its first sequence
     */
    private record Part(String name, TokenSource data, Pieces pieces, Blocks blocks, int first) {}

    private Sequences(List<Part> parts, double[] weights, Cut cut, long seed) {
        this.parts = parts;
        this.weights = weights;
        this.cut = cut;
        mixture = new Mixture(weights, seed);
    }

    /**
     * The sequences of a run.
     *
     * @param data one for each part of the configuration's mixture, or one where it names none;
     *     outlive the sequences
     * @throws ModelInputException when one has nothing to train on or cannot be cut
     */
    public static Sequences of(List<TokenSource> data, Cut cut, TrainingConfig config) {
        DataMix mix = config.data();
        if (data.size() != Math.max(1, mix.parts().size())) {
            throw new IllegalArgumentException(
                    "the configuration names "
                            + mix.parts().size()
                            + " data sets and was given "
                            + data.size());
        }
        List<Part> parts = new ArrayList<>();
        long first = 0;
        for (int s = 0; s < data.size(); s++) {
            // Of the only data set, and of the first, the order is that of runs without a mixture.
            long key = s == 0 ? config.seed() : Philox.derive(config.seed(), s, SOURCE);
            try {
                Pieces pieces = Pieces.of(data.get(s), cut, mix.packing());
                if (first + pieces.count() > Pieces.MOST) {
                    throw new ModelInputException(
                            "the data sets make more than "
                                    + Pieces.MOST
                                    + " sequences; use another sequence_length");
                }
                Blocks blocks =
                        Blocks.of(pieces.count(), cut.content(), config.looks().share(), key);
                String name = data.size() == 1 ? "the data set" : mix.parts().get(s).name();
                parts.add(new Part(name, data.get(s), pieces, blocks, (int) first));
                first += pieces.count();
            } catch (ModelInputException e) {
                throw named(mix, s, e);
            }
        }
        double[] weights = data.size() == 1 ? new double[] {1} : mix.weights();
        return new Sequences(parts, weights, cut, config.seed());
    }

    /**
     * All sequences of a data set, held out.
     *
     * @throws ModelInputException when there is none
     */
    public static Sequences allHeldOut(TokenSource data, Cut cut, TrainingConfig config) {
        Pieces pieces = Pieces.of(data, cut, config.data().packing());
        Blocks blocks = Blocks.allHeldOut(pieces.count(), cut.content());
        return new Sequences(
                List.of(new Part("the data set", data, pieces, blocks, 0)),
                new double[] {1},
                cut,
                config.seed());
    }

    /** A refusal of one data set of several says of which. */
    public static ModelInputException named(DataMix mix, int source, ModelInputException refusal) {
        List<DataPart> parts = mix.parts();
        return parts.size() > 1 ? refusal.in(parts.get(source).name()) : refusal;
    }

    /** The number of the n-th sequence that the run reads, counted from 0. */
    public int sample(long n) {
        Mixture.Draw draw = mixture.at(n);
        Part part = parts.get(draw.source());
        return part.first + part.blocks.sample(draw.index());
    }

    /**
     * Held-out sequences, at most so many: of several data sets each by its weight, and one at
     * least.
     */
    public int[] heldOut(int most) {
        double sum = Arrays.stream(weights).sum();
        return IntStream.range(0, parts.size())
                .flatMap(s -> {
                    int share = Math.max(1, (int) Math.round(most * weights[s] / sum));
                    Part part = parts.get(s);
                    return IntStream.of(part.blocks.heldOut(share)).map(i -> part.first + i);
                })
                .toArray();
    }

    /** The tokens of a sequence, special ones left out. */
    public int[] tokens(int sequence) {
        Part part = part(sequence);
        int piece = sequence - part.first;
        return part.data.read(part.pieces.start(piece), part.pieces.length(piece));
    }

    /** Tokens of a sequence, special ones included. */
    public int length(int sequence) {
        Part part = part(sequence);
        return part.pieces.length(sequence - part.first) + cut.special();
    }

    /** Names of the data sets, in order. */
    public List<String> names() {
        return parts.stream().map(Part::name).toList();
    }

    /** The name of the data set that a sequence is from. */
    public String source(int sequence) {
        return part(sequence).name;
    }

    /** Where a sequence stands, for people. */
    public String place(int sequence) {
        Part part = part(sequence);
        int piece = sequence - part.first;
        long start = part.pieces.start(piece);
        long end = start + part.pieces.length(piece) - 1;
        return "tokens " + start + " to " + end + documents(part.data.documents(), start, end);
    }

    /** The documents of some tokens by number, the first of them by name too. */
    private static String documents(@Nullable Documents documents, long start, long end) {
        if (documents == null) {
            return "";
        }
        long first = documents.at(start);
        long last = documents.at(end);
        String name = documents.name(first);
        return " of document "
                + first
                + (name.isEmpty() ? "" : " (" + name + ")")
                + (last == first ? "" : " to document " + last);
    }

    private Part part(int sequence) {
        int s = parts.size() - 1;
        while (parts.get(s).first > sequence) {
            s--;
        }
        return parts.get(s);
    }
}
