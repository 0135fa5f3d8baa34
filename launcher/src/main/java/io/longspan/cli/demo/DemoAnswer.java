package io.longspan.cli.demo;

import io.longspan.api.LongspanClient;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.FillMaskResponse;
import io.longspan.api.v1.Pooling;
import io.longspan.api.v1.TokenPrediction;
import io.longspan.store.StoreSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a client gets from the demo's server, and what the database says about it, read through a
 * connection that the server knows nothing of.
 *
 * @param predictions for the mask, best first
 * @param vector numbers of the embedding
 * @param backend that computed it
 * @param inferenceId of the masked text, as the client received it
 * @param row the tracked row of that id; empty when there is none
 */
record DemoAnswer(
        List<Prediction> predictions,
        int vector,
        String backend,
        String inferenceId,
        Optional<Row> row) {
    /** The question. */
    static final String TEXT =
            "Alice was beginning to get very tired of sitting by her sister on the<mask>.";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int GUESSES = 5;

    /**
     * A guess.
     *
     * @param token its text
     * @param probability over the whole vocabulary
     */
    record Prediction(String token, float probability) {}

    /**
     * What the database holds of a call.
     *
     * @param method called
     * @param model asked
     * @param backend that ran
     * @param tokens in the model
     * @param status the client received
     * @param totalMillis from call to answer
     */
    record Row(
            String method,
            String model,
            String backend,
            int tokens,
            String status,
            double totalMillis) {}

    /** Whether the row is there and says what the client was told. */
    boolean tracked() {
        return row.isPresent()
                && row.get().status.equals("OK")
                && row.get().backend.equals(backend)
                && row.get().model.equals(DemoModel.NAME);
    }

    /** Asks a server over its socket, then the database. */
    static DemoAnswer ask(String target, StoreSettings.External database) {
        try (LongspanClient client = LongspanClient.connect(target)) {
            EmbedResponse embedding =
                    client.embed(DemoModel.NAME, TEXT, Pooling.POOLING_MEAN, true);
            FillMaskResponse filled = client.fillMask(DemoModel.NAME, TEXT, GUESSES);
            List<Prediction> predictions =
                    filled.getMasks(0).getPredictionsList().stream()
                            .map(DemoAnswer::prediction)
                            .toList();
            String id = filled.getCall().getInferenceId();
            return new DemoAnswer(
                    predictions,
                    embedding.getVectorCount(),
                    filled.getCall().getBackend(),
                    id,
                    row(database, UUID.fromString(id)));
        }
    }

    private static Prediction prediction(TokenPrediction guess) {
        return new Prediction(guess.getToken(), guess.getProbability());
    }

    /** The row reaches the database shortly after the answer, so this looks again for a while. */
    private static Optional<Row> row(StoreSettings.External database, UUID id) {
        Instant end = Instant.now().plus(PATIENCE);
        try (Connection connection =
                        DriverManager.getConnection(
                                database.url(), database.user(), database.password());
                PreparedStatement select =
                        connection.prepareStatement(
                                "select method, model, backend, tokens, status, total_nanos from inference where id = ?")) {
            select.setObject(1, id);
            do {
                try (ResultSet row = select.executeQuery()) {
                    if (row.next()) {
                        return Optional.of(
                                new Row(
                                        row.getString("method"),
                                        row.getString("model"),
                                        row.getString("backend"),
                                        row.getInt("tokens"),
                                        row.getString("status"),
                                        row.getLong("total_nanos") / 1e6));
                    }
                }
                Thread.sleep(50);
            } while (Instant.now().isBefore(end));
            return Optional.empty();
        } catch (SQLException e) {
            throw new IllegalStateException("the demo's second connection failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
