package io.longspan.training.data;

import io.longspan.model.ModelInputException;
import io.longspan.training.config.Packing;

/** Where the sequences of a data set begin and how long they are, special tokens left out. */
sealed interface Pieces {
    /** Most pieces of all data sets together. */
    int MOST = Integer.MAX_VALUE - 8;

    int count();

    /** The place of a piece's first token. */
    long start(int piece);

    /** Tokens of a piece. */
    int length(int piece);

    /**
     * Cuts.
     *
     * @throws ModelInputException when there are too many, or the borders of documents are wanted
     *     and not known
     */
    static Pieces of(TokenSource data, Cut cut, Packing packing) {
        return switch (packing) {
            case CONCATENATED -> new Even(number(data.tokens() / cut.content()), cut.content());
            case DOCUMENTS -> ofDocuments(data, cut);
        };
    }

    /** Neighbouring pieces of one size; what is left over at the end is left out. */
    record Even(int count, int size) implements Pieces {
        @Override
        public long start(int piece) {
            return (long) piece * size;
        }

        @Override
        public int length(int piece) {
            return size;
        }
    }

    /** Pieces of documents: 12 bytes of memory each. */
    final class OfDocuments implements Pieces {
        private final long[] starts;
        private final int[] lengths;

        private OfDocuments(int count) {
            starts = new long[count];
            lengths = new int[count];
        }

        @Override
        public int count() {
            return starts.length;
        }

        @Override
        public long start(int piece) {
            return starts[piece];
        }

        @Override
        public int length(int piece) {
            return lengths[piece];
        }
    }

    /** A document without tokens of its own is left out; a long one makes several pieces. */
    private static Pieces ofDocuments(TokenSource data, Cut cut) {
        Documents documents = data.documents();
        if (documents == null) {
            throw new ModelInputException(
                    "training setting 'packing' is 'documents' and the data set does not say where its documents begin; set it to concatenated");
        }
        long all = 0;
        for (long d = 0; d < documents.count(); d++) {
            all += (content(documents, d, cut) + cut.content() - 1L) / cut.content();
        }
        OfDocuments pieces = new OfDocuments(number(all));
        int made = 0;
        for (long d = 0; d < documents.count(); d++) {
            int content = content(documents, d, cut);
            for (int at = 0; at < content; at += cut.content()) {
                pieces.starts[made] = documents.start(d) + at;
                pieces.lengths[made++] = Math.min(cut.content(), content - at);
            }
        }
        return pieces;
    }

    private static int content(Documents documents, long document, Cut cut) {
        int length = documents.length(document);
        return length == 1 ? 0 : cut.separator() ? length : length - 1;
    }

    private static int number(long count) {
        if (count > MOST) {
            throw new ModelInputException(
                    "the data set makes "
                            + count
                            + " sequences; at most "
                            + MOST
                            + " can be read, so use another sequence_length");
        }
        return (int) count;
    }
}
