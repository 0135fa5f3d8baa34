package io.longspan.ingest.source;

import io.longspan.ingest.source.SourceRecord.Document;
import io.longspan.ingest.source.SourceRecord.Unusable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Makes documents of pieces that have no borders between documents: pieces in their order until a
 * document is long enough. Documents do not go beyond a file, nor beyond a part of one.
 */
final class PackedCursor implements RecordCursor {
    private final RecordCursor pieces;
    private final String between;
    private final int characters;
    private final StringBuilder text = new StringBuilder();
    private @Nullable Document first;
    private @Nullable SourceRecord waiting;

    /**
     * @param between what is put between two pieces
     * @param characters UTF-16 units from which a document is long enough
     */
    PackedCursor(RecordCursor pieces, String between, int characters) {
        this.pieces = pieces;
        this.between = between;
        this.characters = characters;
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        while (true) {
            SourceRecord piece = waiting == null ? pieces.next() : waiting;
            waiting = null;
            switch (piece) {
                case null -> {
                    return packed();
                }
                case Unusable unusable -> {
                    return unusable;
                }
                case Document document -> {
                    if (first != null && !first.path().equals(document.path())) {
                        waiting = document;
                        return packed();
                    }
                    add(document);
                    if (text.length() >= characters) {
                        return packed();
                    }
                }
            }
        }
    }

    private void add(Document piece) {
        if (piece.text().isBlank()) {
            return;
        }
        if (first == null) {
            first = piece;
        } else {
            text.append(between);
        }
        text.append(piece.text());
    }

    private @Nullable SourceRecord packed() {
        Document begun = first;
        if (begun == null) {
            return null;
        }
        first = null;
        SourceRecord found = begun.withText(text.toString());
        text.setLength(0);
        return found;
    }

    @Override
    public long position() {
        return pieces.position();
    }

    @Override
    public void close() throws IOException {
        pieces.close();
    }
}
