package io.longspan.ingest.source;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Bytes to text, strictly: a byte order mark decides, UTF-8 otherwise, then the encoding that was
 * named for the rest. The mark is kept.
 */
final class TextDecoder {
    private static final char REPLACEMENT = '\uFFFD';

    private TextDecoder() {}

    /** The text, or nothing when some byte is wrong. */
    static Optional<String> decode(byte[] content, Optional<Charset> fallback) {
        if (starts(content, 0xFF, 0xFE, 0, 0) || starts(content, 0, 0, 0xFE, 0xFF)) {
            // UTF-32, which nobody writes; read as UTF-16 it would be full of NUL.
            return Optional.empty();
        }
        Optional<Charset> marked = marked(content);
        Optional<String> found = strictly(content, marked.orElse(StandardCharsets.UTF_8));
        return found.isEmpty() && marked.isEmpty()
                ? fallback.flatMap(charset -> strictly(content, charset))
                : found;
    }

    /** The encoding that a byte order mark names. */
    static Optional<Charset> marked(byte[] content) {
        if (starts(content, 0xFF, 0xFE)) {
            return Optional.of(StandardCharsets.UTF_16LE);
        }
        if (starts(content, 0xFE, 0xFF)) {
            return Optional.of(StandardCharsets.UTF_16BE);
        }
        return starts(content, 0xEF, 0xBB, 0xBF)
                ? Optional.of(StandardCharsets.UTF_8)
                : Optional.empty();
    }

    static Optional<String> strictly(byte[] content, Charset charset) {
        if (charset.equals(StandardCharsets.UTF_8)) {
            // Many times as fast as a decoder, and it puts U+FFFD for whatever is wrong.
            String text = new String(content, StandardCharsets.UTF_8);
            if (text.indexOf(REPLACEMENT) < 0) {
                return Optional.of(text);
            }
        }
        try {
            return Optional.of(
                    charset.newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(content))
                            .toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    private static boolean starts(byte[] content, int... mark) {
        if (content.length < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if ((content[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }
}
