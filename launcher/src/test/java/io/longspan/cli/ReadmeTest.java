package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.cli.config.KnownKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the README says of the program is what the program says of itself. */
final class ReadmeTest {
    private static final String BEGIN =
            "<!-- backends: generated from the declarations, checked by ReadmeTest -->\n";
    private static final String END = "<!-- /backends -->";

    @Test
    void theBackendTableIsTheOneOfTheDeclarations() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        String found =
                readme.substring(readme.indexOf(BEGIN) + BEGIN.length(), readme.indexOf(END));
        try (AttentionRegistry registry = AttentionRegistry.discover(null)) {
            String expected = CapabilityTable.markdown(registry) + "\n";
            assertThat(found).as("copy this into README.md:%n%s", expected).isEqualTo(expected);
        }
    }

    @Test
    void everyCommandOfTheTableExists() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        Longspan.commandLine()
                .getSubcommands()
                .keySet()
                .forEach(name -> assertThat(readme).contains("./longspan " + name));
    }

    @Test
    void everyKeyOfTheConfigurationIsInTheTable() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        String table = readme.substring(readme.indexOf("<!-- keys: checked by ReadmeTest -->"));
        for (KnownKey key : KnownKey.values()) {
            assertThat(table).contains("`" + key.key() + "`");
        }
    }
}
