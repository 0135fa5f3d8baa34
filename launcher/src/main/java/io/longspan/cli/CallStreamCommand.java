package io.longspan.cli;

import com.google.protobuf.Message;
import io.longspan.api.StreamCalls;
import io.longspan.api.v1.AnswerQuestionRequest;
import io.longspan.api.v1.ChooseAnswerRequest;
import io.longspan.api.v1.ClassifyRequest;
import io.longspan.api.v1.ClassifyTokensRequest;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.FillMaskRequest;
import io.longspan.cli.config.UsageException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Many requests over one connection. */
@Command(
        name = "stream",
        description = {
            "Stream the requests of a file to the server and write its answers, in their order.",
            "A line of the file is a request in protobuf's JSON, such as {\"text\": \"A document.\", \"normalize\": true}; a line of the output is an answer.",
            "METHOD is fill-mask, embed, classify, classify-tokens, answer or choose. --deadline is that of the whole stream."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: longspan call stream embed --input requests.jsonl --output answers.jsonl --deadline 3600"
        })
final class CallStreamCommand implements Callable<Integer> {
    @Mixin private CallOptions options;

    @Parameters(paramLabel = "METHOD", description = "What is asked.")
    private String method;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "Requests, a JSON object per line, UTF-8.")
    private Path input;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "Where answers go; must not exist.")
    private Path output;

    @Option(
            names = "--model",
            defaultValue = "",
            paramLabel = "NAME",
            description = "Model of requests that name none; the server's default without it.")
    private String model;

    @Override
    public Integer call() {
        // Said before the server is called.
        ask(method);
        return options.call(client -> {
            String report = ask(method).apply(client.streams());
            options.note(report);
        });
    }

    /** A stream that is ready to go. */
    @FunctionalInterface
    private interface Ask {
        String apply(StreamCalls streams);
    }

    private Ask ask(String name) {
        return switch (name) {
            case "fill-mask" ->
                    streams -> run(FillMaskRequest.getDefaultInstance(), streams::fillMask);
            case "embed" -> streams -> run(EmbedRequest.getDefaultInstance(), streams::embed);
            case "classify" ->
                    streams -> run(ClassifyRequest.getDefaultInstance(), streams::classify);
            case "classify-tokens" ->
                    streams ->
                            run(
                                    ClassifyTokensRequest.getDefaultInstance(),
                                    streams::classifyTokens);
            case "answer" ->
                    streams ->
                            run(
                                    AnswerQuestionRequest.getDefaultInstance(),
                                    streams::answerQuestion);
            case "choose" ->
                    streams -> run(ChooseAnswerRequest.getDefaultInstance(), streams::chooseAnswer);
            default ->
                    throw new UsageException(
                            "'"
                                    + name
                                    + "' is not a method; allowed are fill-mask, embed, classify, classify-tokens, answer and choose");
        };
    }

    private <Q extends Message, A extends Message> String run(
            Q empty, BiConsumer<Iterator<Q>, Consumer<A>> stream) {
        try (MessageLines<Q> lines = MessageLines.open(input, empty, model);
                MessageFile answers = MessageFile.create(output)) {
            stream.accept(
                    lines,
                    answer -> {
                        answers.add(answer);
                        lines.advance(answers.count());
                    });
            return answers.count() + " answers in '" + output + "'";
        }
    }
}
