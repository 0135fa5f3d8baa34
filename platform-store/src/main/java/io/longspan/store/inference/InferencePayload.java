package io.longspan.store.inference;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * What a caller sent and was answered: messages of the wire, each behind its length in four bytes,
 * the first of them as far as there was room. The bytes are not copied; nobody changes them.
 *
 * @param request messages of the caller
 * @param requestSize bytes of all messages of the caller, those that found no room included
 * @param answer messages to the caller
 * @param answerSize bytes of all of them
 * @param endsAt when it is deleted
 */
public record InferencePayload(
        ByteBuffer request, long requestSize, ByteBuffer answer, long answerSize, Instant endsAt) {
    /** Bytes from the position to the limit of each buffer. */
    public InferencePayload {
        request = request.asReadOnlyBuffer();
        answer = answer.asReadOnlyBuffer();
    }

    /** A copy of the caller's messages. */
    public byte[] requestBytes() {
        return copy(request);
    }

    /** A copy of the messages to the caller. */
    public byte[] answerBytes() {
        return copy(answer);
    }

    private static byte[] copy(ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.get(from.position(), bytes);
        return bytes;
    }

    /** Without what was said: this may land in a log. */
    @Override
    public String toString() {
        return "payload of " + requestSize + " and " + answerSize + " bytes, until " + endsAt;
    }
}
