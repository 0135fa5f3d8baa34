package io.longspan.cli;

import io.longspan.api.v1.ModelRef;
import io.longspan.api.v1.ScoreRequest;
import io.longspan.api.v1.ScoreResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** How probable a text is. */
@Command(
        name = "score",
        description =
                "Say how probable a language model finds each token of a text, masked on its own, or after those before it when the model is causal.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan call score --text \"The cat sat on the mat.\""})
final class CallScoreCommand implements Callable<Integer> {
    @Mixin private CallOptions options;
    @Mixin private TextOptions text;

    @Override
    public Integer call() {
        ScoreRequest request =
                ScoreRequest.newBuilder()
                        .setModel(ModelRef.newBuilder().setName(text.model()))
                        .setText(text.text())
                        .build();
        return options.call(client -> {
            ScoreResponse answer = client.score(request);
            options.print(answer, CallTokenView.text(answer));
        });
    }
}
