package io.longspan.cli;

import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.FillMaskRequest;
import io.longspan.api.v1.FillMaskResponse;
import io.longspan.api.v1.ListModelsResponse;
import io.longspan.api.v1.ModelAlias;
import io.longspan.api.v1.ModelDescription;
import io.longspan.api.v1.ModelRef;
import io.longspan.api.v1.Pooling;
import io.longspan.api.v1.WindowPooling;
import io.longspan.cli.config.UsageException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A gRPC client for people and scripts. */
@Command(
        name = "call",
        description = "Call a Longspan server: a command per method of longspan.v1.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "METHOD",
        footer = {
            "",
            "Example: longspan call fill-mask --text \"Alice was beginning to get very <mask>.\""
        },
        subcommands = {
            CallCommand.FillMask.class,
            CallCommand.Embed.class,
            CallTaskCommands.Classify.class,
            CallTaskCommands.ClassifyTokens.class,
            CallTaskCommands.Answer.class,
            CallTaskCommands.Choose.class,
            CallTokenCommands.Tokenize.class,
            CallTokenCommands.Detokenize.class,
            CallTokenCommands.Attention.class,
            CallScoreCommand.class,
            CallEmbedTokensCommand.class,
            CallStreamCommand.class,
            CallBackendsCommand.class,
            CallCommand.Models.class,
            CallCommand.Describe.class,
            CallInferencesCommand.class
        })
final class CallCommand {
    private CallCommand() {}

    /** Guesses masked tokens. */
    @Command(
            name = "fill-mask",
            description = "Guess the tokens behind every <mask> of a text.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan call fill-mask --text \"The <mask> sat on the mat.\""})
    static final class FillMask implements Callable<Integer> {
        @Mixin private CallOptions options;
        @Mixin private TextOptions text;

        @Option(
                names = "--truncate",
                description =
                        "Cut off the end of a text that is too long; the answer says how much.")
        private boolean truncate;

        @Option(
                names = "--top",
                defaultValue = "5",
                paramLabel = "K",
                description = "Guesses per mask, 1 to 100. Default: ${DEFAULT-VALUE}.")
        private int top;

        @Override
        public Integer call() {
            return options.call(client -> {
                FillMaskResponse answer =
                        client.fillMask(
                                FillMaskRequest.newBuilder()
                                        .setModel(ModelRef.newBuilder().setName(text.model()))
                                        .setText(text.text())
                                        .setTopK(top)
                                        .setTruncate(truncate)
                                        .build());
                options.print(answer, CallView.text(answer));
            });
        }
    }

    /** Turns a text into a vector. */
    @Command(
            name = "embed",
            description = "Turn a text into one vector.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan call embed --text \"A long document.\" --normalize"})
    static final class Embed implements Callable<Integer> {
        @Mixin private CallOptions options;
        @Mixin private TextOptions text;
        @Mixin private LongTextOptions longText;

        @Option(
                names = "--window-pooling",
                paramLabel = "POOLING",
                description =
                        "How the vectors of windows become one: mean or max; goes with --windows. Default: mean.")
        private @Nullable String windowPooling;

        @Option(
                names = "--pooling",
                defaultValue = "mean",
                paramLabel = "POOLING",
                description = "mean (all tokens) or first (<s>). Default: ${DEFAULT-VALUE}.")
        private String pooling;

        @Option(names = "--normalize", description = "Divide the vector by its Euclidean length.")
        private boolean normalize;

        @Override
        public Integer call() {
            Pooling wanted =
                    switch (pooling.toLowerCase(Locale.ROOT)) {
                        case "mean" -> Pooling.POOLING_MEAN;
                        case "first" -> Pooling.POOLING_FIRST;
                        default ->
                                throw new UsageException(
                                        "--pooling is '"
                                                + pooling
                                                + "'; allowed are mean and first");
                    };
            WindowPooling windows = windowPooling();
            if (windowPooling != null && longText.windows().isEmpty()) {
                throw new UsageException(
                        "--window-pooling is given without --windows; give both or none");
            }
            EmbedRequest.Builder request =
                    EmbedRequest.newBuilder()
                            .setModel(ModelRef.newBuilder().setName(text.model()))
                            .setText(text.text())
                            .setPooling(wanted)
                            .setNormalize(normalize)
                            .setTruncate(longText.truncate());
            longText.windows()
                    .ifPresent(
                            cut -> request.setWindows(cut.toBuilder().setPooling(windows).build()));
            return options.call(client -> {
                EmbedResponse answer = client.embed(request.build());
                options.print(answer, CallView.text(answer));
            });
        }

        private WindowPooling windowPooling() {
            return switch (windowPooling == null
                    ? "mean"
                    : windowPooling.toLowerCase(Locale.ROOT)) {
                case "mean" -> WindowPooling.WINDOW_POOLING_MEAN;
                case "max" -> WindowPooling.WINDOW_POOLING_MAX;
                default ->
                        throw new UsageException(
                                "--window-pooling is '"
                                        + windowPooling
                                        + "'; allowed are mean and max");
            };
        }
    }

    /** Lists models. */
    @Command(
            name = "models",
            description = "List the models that the server holds; its commands change them.",
            mixinStandardHelpOptions = true,
            subcommands = {
                CallModelCommands.Load.class,
                CallModelCommands.Unload.class,
                CallModelCommands.Alias.class
            },
            footer = {"", "Example: longspan call models --target localhost:9090"})
    static final class Models implements Callable<Integer> {
        @Mixin private CallOptions options;

        @Override
        public Integer call() {
            return options.call(client -> {
                List<ModelDescription> models = client.models();
                List<ModelAlias> aliases = client.aliases();
                options.print(
                        ListModelsResponse.newBuilder()
                                .addAllModels(models)
                                .addAllAliases(aliases)
                                .build(),
                        CallView.models(models, aliases));
            });
        }
    }

    /** Describes a model. */
    @Command(
            name = "describe",
            description = "Describe one model.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan call describe --model demo"})
    static final class Describe implements Callable<Integer> {
        @Mixin private CallOptions options;

        @Option(
                names = "--model",
                defaultValue = "",
                paramLabel = "NAME",
                description = "Model; the server's default without it.")
        private String model;

        @Override
        public Integer call() {
            return options.call(client -> {
                ModelDescription answer = client.describe(model);
                options.print(answer, CallView.text(answer));
            });
        }
    }
}
