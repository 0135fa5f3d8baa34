package io.longspan.cli;

import io.longspan.attention.registry.AttentionSettings;
import io.longspan.cli.config.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole way on real text: books, tokens, a converted model, every backend. */
@Command(
        name = "demo",
        description = {
            "Take real book text through a converted model on every attention backend and compare answers and times.",
            "Works without a network; everything it makes lies under .longspan/demo in the working folder."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan demo --tokens 4096 --attention chunks"})
final class DemoCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(
            names = "--attention",
            paramLabel = "NAME",
            description = "Run only this backend, beside the reference 'loop'.")
    private @Nullable String attention;

    @Option(
            names = "--tokens",
            defaultValue = "1024",
            paramLabel = "N",
            description =
                    "Tokens of the book that the model reads, 16 to 4096. Default: ${DEFAULT-VALUE}.")
    private int tokens;

    @Override
    public Integer call() throws IOException {
        if (tokens < 16 || tokens > Demo.POSITIONS) {
            throw new UsageException(
                    "--tokens is " + tokens + "; it must be from 16 to " + Demo.POSITIONS);
        }
        Path files = demoFiles();
        Path work = Path.of(".longspan", "demo");
        Files.createDirectories(work);
        AttentionSettings settings = common.configuration().attention();
        Demo.Result result =
                new Demo(files, work, settings, common.console()).run(attention, tokens);
        common.console().result(result, Demo.text(result));
        return 0;
    }

    /**
     * The books and the tokenizer stand in the distribution, or, when tests run from sources, in
     * the checkout.
     */
    private static Path demoFiles() {
        String home = System.getProperty("longspan.home");
        Path files = home == null ? Path.of("..", "demo") : Path.of(home, "demo");
        if (!Files.isDirectory(files)) {
            throw new UsageException(
                    "the demo's books are not at '"
                            + files.toAbsolutePath().normalize()
                            + "'; start longspan with the script of its distribution");
        }
        return files;
    }
}
