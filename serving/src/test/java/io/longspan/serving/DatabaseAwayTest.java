package io.longspan.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longspan.api.LongspanClient;
import io.longspan.api.v1.ListInferencesRequest;
import io.longspan.api.v1.Pooling;
import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatabaseAwayTest {
    @TempDir Path folder;

    @Test
    void callersNoticeNothingUntilTheSpoolIsFullAndEveryRowArrivesAfterwards() throws Exception {
        try (Store direct = Store.open(new StoreSettings.Embedded(folder.resolve("postgres")))) {
            StoreSettings.External address = direct.address();
            URI uri = URI.create(address.url().substring("jdbc:".length()));
            try (Wire wire = new Wire(uri.getPort());
                    Store store =
                            Store.open(
                                    new StoreSettings.External(
                                            address.url()
                                                    .replace(
                                                            ":" + uri.getPort(), ":" + wire.port()),
                                            address.user(),
                                            address.password()));
                    TestServer server =
                            new TestServer(
                                    store,
                                    ServingSettings.of(
                                                    List.of(
                                                            TestModels.longformer(
                                                                    folder, "tiny", 1)),
                                                    folder.resolve("spool"))
                                            .withSpoolBytes(1 << 16),
                                    TestModels.backends("chunks"));
                    LongspanClient client = server.client()) {
                List<String> ids = new ArrayList<>();
                ids.add(embed(client));
                assertThat(TestServer.rows(direct, ids.getFirst())).hasSize(1);
                wire.cut();
                Status full = null;
                while (full == null) {
                    assertThat(ids).hasSizeLessThan(1000);
                    try {
                        ids.add(embed(client));
                    } catch (StatusRuntimeException e) {
                        full = e.getStatus();
                    }
                }
                assertThat(full.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                assertThat(full.getDescription()).contains("the log of inferences is full");
                assertThat(ids).hasSizeGreaterThan(100);
                assertThat(direct.inferences().count()).isLessThan(ids.size());
                wire.mend();
                for (int i = 0; i < 1500 && direct.inferences().count() < ids.size(); i++) {
                    Thread.sleep(20);
                }
                assertThat(direct.inferences().count()).isEqualTo(ids.size());
                for (String id : ids) {
                    assertThat(TestServer.rows(direct, id)).hasSize(1);
                }
                String after = embed(client);
                assertThat(
                                client.inferences(
                                        ListInferencesRequest.newBuilder()
                                                .setInferenceId(after)
                                                .build()))
                        .hasSize(1);
            }
        }
    }

    private static String embed(LongspanClient client) {
        return client.embed("", "a text", Pooling.POOLING_MEAN, false).getCall().getInferenceId();
    }
}
