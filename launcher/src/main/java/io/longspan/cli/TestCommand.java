package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Stands in the list of commands; the start script of a source checkout runs the suite before Java
 * is up.
 */
@Command(
        name = "test",
        description = "Run the full test suite (in a source checkout: ./longspan test).",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: ./longspan test"})
final class TestCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new UsageException(
                "the test suite is part of the sources, not of the distribution; run ./longspan test in a source checkout");
    }
}
