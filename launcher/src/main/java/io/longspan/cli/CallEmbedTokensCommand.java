package io.longspan.cli;

import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.ModelRef;
import io.longspan.api.v1.TokenEmbeddingsRequest;
import io.longspan.api.v1.TokenEmbeddingsResponse;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A vector per token. */
@Command(
        name = "embed-tokens",
        description =
                "Turn each token of a text into a vector; --json prints them whole, a document per part as it comes.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan call embed-tokens --file book.txt --truncate --json"})
final class CallEmbedTokensCommand implements Callable<Integer> {
    @Mixin private CallOptions options;
    @Mixin private TextOptions text;

    @Option(
            names = "--truncate",
            description = "Cut off the end of a text that is too long; the answer says how much.")
    private boolean truncate;

    @Override
    public Integer call() {
        TokenEmbeddingsRequest request =
                TokenEmbeddingsRequest.newBuilder()
                        .setModel(ModelRef.newBuilder().setName(text.model()))
                        .setText(text.text())
                        .setTruncate(truncate)
                        .build();
        return options.call(client -> {
            Iterator<TokenEmbeddingsResponse> parts = client.tokenEmbeddings(request);
            CallInfo call = CallInfo.getDefaultInstance();
            while (parts.hasNext()) {
                TokenEmbeddingsResponse part = parts.next();
                call = part.hasCall() ? part.getCall() : call;
                options.print(part, CallTokenView.text(part));
            }
            options.note(CallView.text(call));
        });
    }
}
