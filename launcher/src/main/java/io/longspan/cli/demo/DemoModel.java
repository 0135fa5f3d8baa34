package io.longspan.cli.demo;

import io.longspan.cli.role.Json;
import io.longspan.cli.role.Platform;
import io.longspan.cli.role.PlatformSettings;
import io.longspan.cli.role.Role;
import io.longspan.cli.term.Console;
import io.longspan.model.Progress;
import io.longspan.model.config.LongformerConfigBuilder;
import io.longspan.model.config.ModelType;
import io.longspan.model.convert.LongformerConversion;
import io.longspan.model.convert.RandomCheckpoint;
import io.longspan.serving.ServedModelSpec;
import io.longspan.store.Store;
import io.longspan.store.work.WorkKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The demo's model, from books to a checkpoint: ingest and training go through the work queue of
 * the store to a worker, as anybody's do.
 *
 * @param documents ingested
 * @param tokens ingested
 * @param firstLoss held-out loss before training, in nats
 * @param lastLoss held-out loss after it
 * @param backend attention backend that trained it
 * @param checkpoint folder of the model
 */
public record DemoModel(
        long documents,
        long tokens,
        double firstLoss,
        double lastLoss,
        String backend,
        Path checkpoint) {
    /** Name under which the model is served and registered. */
    public static final String NAME = "demo";

    private static final int SEED = 1;
    private static final int SOURCE_POSITIONS = 514;
    private static final int VOCABULARY = 50_265;

    /**
     * The demo's model, made now if it was never made.
     *
     * @param state folder of the working folder's state
     * @param files books and tokenizer
     * @param settings of a process; only a worker is made of it, for as long as it is needed
     */
    public static ServedModelSpec ensure(
            Path state, Path files, Store store, PlatformSettings settings, Console console)
            throws IOException {
        Optional<Path> found = DemoFolder.latestModel(state);
        if (found.isPresent()) {
            return spec(found.get());
        }
        console.note("the demo's model is missing and is made now; this takes a few minutes");
        Platform worker =
                Platform.start(settings.with(Set.of(Role.WORKER), List.of()), store, "demo");
        try {
            return spec(make(DemoFolder.create(state), files, store, console).checkpoint);
        } finally {
            worker.close();
        }
    }

    static ServedModelSpec spec(Path checkpoint) {
        return new ServedModelSpec(NAME, Optional.empty(), checkpoint);
    }

    /** Makes the model; a worker has to run. */
    static DemoModel make(DemoFolder folder, Path files, Store store, Console console)
            throws IOException {
        console.note("1. ingest three public-domain books into token shards");
        JsonNode data =
                QueuedWork.run(
                        store, WorkKind.INGEST, "ingest", DemoWork.ingest(files, folder.data()));
        console.note(
                String.format(
                        Locale.ROOT,
                        "   %,d documents, %,d tokens",
                        data.path("documents").asLong(0),
                        data.path("tokens").asLong(0)));
        console.note(
                "2. make a small RoBERTa with random weights and convert it to "
                        + DemoWork.POSITIONS
                        + " positions");
        convert(folder, files);
        console.note("3. pretrain it as a masked language model");
        JsonNode run =
                QueuedWork.run(
                        store, WorkKind.TRAIN, "train", Json.text(DemoWork.training(folder)));
        DemoModel model =
                new DemoModel(
                        data.path("documents").asLong(0),
                        data.path("tokens").asLong(0),
                        run.path("firstLoss").asDouble(Double.NaN),
                        run.path("lastLoss").asDouble(Double.NaN),
                        run.path("backend").asString(""),
                        Path.of(run.path("checkpoint").asString("")));
        console.note(
                String.format(
                        Locale.ROOT,
                        "   held-out loss %.3f -> %.3f nats, %s attention",
                        model.firstLoss,
                        model.lastLoss,
                        model.backend));
        folder.complete(model.checkpoint);
        return model;
    }

    private static void convert(DemoFolder folder, Path files) {
        RandomCheckpoint.write(
                new LongformerConfigBuilder(ModelType.ROBERTA)
                        .vocabSize(VOCABULARY)
                        .hiddenSize(DemoWork.HIDDEN)
                        .layers(DemoWork.LAYERS)
                        .heads(DemoWork.HEADS)
                        .intermediateSize(2 * DemoWork.HIDDEN)
                        .maxPositionEmbeddings(SOURCE_POSITIONS)
                        .build(),
                SEED,
                folder.roberta(),
                files.resolve("tokenizer"),
                Progress.none());
        LongformerConversion.convert(
                folder.roberta(),
                folder.longformer(),
                DemoWork.POSITIONS,
                DemoWork.WINDOW,
                Progress.none(),
                made -> {});
    }
}
