package io.longspan.cli;

import java.nio.file.Path;

/** Files that come with Longspan. */
final class DistributionFiles {
    private DistributionFiles() {}

    /**
     * Books and tokenizer: in the distribution, or, when tests run from sources, in the checkout.
     */
    static Path demo() {
        String home = System.getProperty("longspan.home");
        Path files = home == null ? Path.of("..", "demo") : Path.of(home, "demo");
        return files.toAbsolutePath().normalize();
    }
}
