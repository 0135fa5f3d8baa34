package io.longspan.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Bytes to text, strictly: a byte order mark decides, UTF-8 otherwise. The mark is kept. */
final class TextDecoder {
    private TextDecoder() {}

    /** The text, or nothing when some byte is wrong. */
    static Optional<String> decode(byte[] content) {
        if (starts(content, 0xFF, 0xFE, 0, 0) || starts(content, 0, 0, 0xFE, 0xFF)) {
            // UTF-32, which nobody writes; read as UTF-16 it would be full of NUL.
            return Optional.empty();
        }
        Charset charset =
                starts(content, 0xFF, 0xFE)
                        ? StandardCharsets.UTF_16LE
                        : starts(content, 0xFE, 0xFF)
                                ? StandardCharsets.UTF_16BE
                                : StandardCharsets.UTF_8;
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
