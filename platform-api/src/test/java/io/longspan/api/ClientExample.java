package io.longspan.api;

import io.grpc.InsecureChannelCredentials;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What {@code docs/clients.md} shows. */
final class ClientExample {
    private ClientExample() {}

    static List<List<Float>> vectors(List<String> servers, String key, List<String> texts) {
        // docs: begin
        List<List<Float>> vectors = new ArrayList<>();
        try (LongspanClient client =
                LongspanClient.connect(
                                servers, InsecureChannelCredentials.create(), Retries.usual())
                        .withKey(key)
                        .withDeadline(Duration.ofSeconds(10))) {
            List<EmbedRequest> requests =
                    texts.stream().map(t -> EmbedRequest.newBuilder().setText(t).build()).toList();
            // One call for all, with a deadline of its own.
            for (EmbedResponse answer :
                    client.withDeadline(Duration.ofMinutes(2)).batches().embed(requests)) {
                vectors.add(answer.getVectorList());
            }
            // Or one after the other, as many as there are; answers come in the order of requests.
            client.withPriority(RequestPriority.LEAST_URGENT)
                    .streams()
                    .embed(requests.iterator(), answer -> vectors.add(answer.getVectorList()));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
                throw new IllegalStateException("the servers were too slow", e);
            }
            // Every other status says in a sentence what is wrong, and has a row in the log.
            throw new IllegalStateException(
                    InferenceId.of(e).orElse("no row") + ": " + e.getStatus().getDescription(), e);
        }
        // docs: end
        return vectors;
    }
}
