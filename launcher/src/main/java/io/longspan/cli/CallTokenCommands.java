package io.longspan.cli;

import io.longspan.api.v1.AttentionRequest;
import io.longspan.api.v1.AttentionResponse;
import io.longspan.api.v1.DetokenizeRequest;
import io.longspan.api.v1.DetokenizeResponse;
import io.longspan.api.v1.ModelRef;
import io.longspan.api.v1.TokenizeRequest;
import io.longspan.api.v1.TokenizeResponse;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands of {@code call} about tokens. */
final class CallTokenCommands {
    private CallTokenCommands() {}

    private static ModelRef model(String name) {
        return ModelRef.newBuilder().setName(name).build();
    }

    /** Turns a text into tokens. */
    @Command(
            name = "tokenize",
            description = "Turn a text into the tokens of a model.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example: longspan call tokenize --text \"Hello world\"",
                "Example: longspan call tokenize --text \"Who?\" --pair \"It was Ada.\" --json"
            })
    static final class Tokenize implements Callable<Integer> {
        @Mixin private CallOptions options;
        @Mixin private TextOptions text;

        @Option(
                names = "--pair",
                defaultValue = "",
                paramLabel = "TEXT",
                description = "Second text of a pair.")
        private String pair;

        @Option(
                names = "--no-special",
                description = "Without <s> and </s> around the text; not for a pair.")
        private boolean noSpecial;

        @Override
        public Integer call() {
            TokenizeRequest request =
                    TokenizeRequest.newBuilder()
                            .setModel(model(text.model()))
                            .setText(text.text())
                            .setTextPair(pair)
                            .setWithoutSpecial(noSpecial)
                            .build();
            return options.call(client -> {
                TokenizeResponse answer = client.tokenize(request);
                options.print(answer, CallTokenView.text(answer));
            });
        }
    }

    /** Turns ids into a text. */
    @Command(
            name = "detokenize",
            description = "Turn token ids back into a text.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan call detokenize --ids \"0 31414 232 2\" --no-special"})
    static final class Detokenize implements Callable<Integer> {
        @Mixin private CallOptions options;

        @Option(
                names = "--ids",
                required = true,
                split = "[\\s,]+",
                paramLabel = "IDS",
                description = "Ids, separated by spaces or commas.")
        private List<Integer> ids;

        @Option(
                names = "--model",
                defaultValue = "",
                paramLabel = "NAME",
                description = "Model whose ids they are; the server's default without it.")
        private String model;

        @Option(names = "--no-special", description = "Leave special tokens out.")
        private boolean noSpecial;

        @Override
        public Integer call() {
            DetokenizeRequest request =
                    DetokenizeRequest.newBuilder()
                            .setModel(model(model))
                            .addAllIds(ids)
                            .setSkipSpecial(noSpecial)
                            .build();
            return options.call(client -> {
                DetokenizeResponse answer = client.detokenize(request);
                options.print(answer, answer.getText() + "\n\n" + CallView.text(answer.getCall()));
            });
        }
    }

    /** Shows what tokens attend to. */
    @Command(
            name = "attention",
            description = "Show to which tokens chosen tokens attend in a layer, and by how much.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example: longspan call attention --text \"The old house stood by the sea.\" --layer 0 --head 1 --token 3",
                "Example: longspan call attention --file page.txt --layer 1 --token 0,5,9 --top 20 --json"
            })
    static final class Attention implements Callable<Integer> {
        @Mixin private CallOptions options;
        @Mixin private TextOptions text;

        @Option(
                names = "--pair",
                defaultValue = "",
                paramLabel = "TEXT",
                description = "Second text of a pair.")
        private String pair;

        @Option(
                names = "--layer",
                required = true,
                paramLabel = "L",
                description = "Layer, from 0.")
        private int layer;

        @Option(
                names = "--head",
                split = ",",
                paramLabel = "H",
                description = "Heads, from 0, separated by commas; all without it.")
        private List<Integer> heads = List.of();

        @Option(
                names = "--token",
                required = true,
                split = ",",
                paramLabel = "T",
                description =
                        "Tokens whose attention is shown: positions separated by commas, <s> at 0.")
        private List<Integer> tokens;

        @Option(
                names = "--top",
                defaultValue = "10",
                paramLabel = "K",
                description =
                        "Tokens to show of each, strongest first, 1 to 4096. Default: ${DEFAULT-VALUE}.")
        private int top;

        @Override
        public Integer call() {
            AttentionRequest request =
                    AttentionRequest.newBuilder()
                            .setModel(model(text.model()))
                            .setText(text.text())
                            .setTextPair(pair)
                            .setLayer(layer)
                            .addAllHeads(heads)
                            .addAllTokens(tokens)
                            .setTopK(CallLimits.positive("--top", top))
                            .build();
            return options.call(client -> {
                AttentionResponse answer = client.attention(request);
                options.print(answer, CallTokenView.text(answer, layer));
            });
        }
    }
}
