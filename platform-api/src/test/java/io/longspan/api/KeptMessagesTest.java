package io.longspan.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.ModelRef;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KeptMessagesTest {
    private static final String EMBED = "longspan.v1.Inference/Embed";

    private static final EmbedRequest REQUEST =
            EmbedRequest.newBuilder()
                    .setModel(ModelRef.newBuilder().setName("news"))
                    .setText("na\u00efve \u4e2d\u6587 \ud83d\ude00 text")
                    .build();

    @Test
    void messagesAreLinesOfJson() throws IOException {
        EmbedResponse answer = EmbedResponse.newBuilder().addVector(0.5f).addVector(-2).build();
        byte[] kept = kept(REQUEST, REQUEST);
        KeptMessages asked = KeptMessages.request(EMBED, kept, kept.length - 8L);
        assertThat(asked.cut()).isFalse();
        assertThat(asked.json().lines().map(KeptMessagesTest::request))
                .containsExactly(REQUEST, REQUEST);
        byte[] answered = kept(answer);
        assertThat(KeptMessages.answer(EMBED, answered, answered.length - 4L))
                .isEqualTo(new KeptMessages("{\"vector\":[0.5,-2.0]}", false));
    }

    /** However much is missing, what is there is shown, and says that it is not all. */
    @Test
    void ofACutMessageItsBeginningIsShown() throws IOException {
        byte[] kept = kept(REQUEST);
        String before = "";
        for (int length = 4; length < kept.length; length++) {
            KeptMessages cut =
                    KeptMessages.request(EMBED, Arrays.copyOf(kept, length), kept.length - 4L);
            assertThat(cut.cut()).isTrue();
            String text = request(cut.json()).getText();
            assertThat(REQUEST.getText()).startsWith(text);
            assertThat(text).startsWith(before);
            before = text;
        }
        assertThat(before).isEqualTo(REQUEST.getText().substring(0, before.length()));
        assertThat(before.length()).isEqualTo(REQUEST.getText().length() - 1);

        EmbedResponse answer =
                EmbedResponse.newBuilder().addAllVector(List.of(1f, 2f, 3f, 4f)).build();
        byte[] vector = kept(answer);
        assertThat(KeptMessages.answer(EMBED, Arrays.copyOf(vector, vector.length - 5), 99).json())
                .isEqualTo("{\"vector\":[1.0,2.0]}");
    }

    @Test
    void whatIsNoMessageOfItsMethodIsSaidToBeNone() {
        byte[] garbled = {0, 0, 0, 3, 10, 99, 1};
        assertThat(KeptMessages.request(EMBED, garbled, 3).json()).startsWith("no message of");
        assertThat(KeptMessages.request("x.Y/Z", garbled, 3).json()).contains("does not know");
        assertThat(KeptMessages.request(EMBED, new byte[0], 0))
                .isEqualTo(new KeptMessages("", false));
    }

    private static EmbedRequest request(String json) {
        try {
            EmbedRequest.Builder read = EmbedRequest.newBuilder();
            JsonFormat.parser().merge(json, read);
            return read.build();
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    private static byte[] kept(Message... messages) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (Message message : messages) {
            out.writeInt(message.getSerializedSize());
            out.write(message.toByteArray());
        }
        return bytes.toByteArray();
    }
}
