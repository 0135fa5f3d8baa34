package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.longspan.attention.AttentionBackendProvider;
import io.longspan.model.checkpoint.SafetensorsFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A stranger's jar, built apart and dropped into a folder, is found, chosen by configuration and
 * gives the right answers.
 */
final class PluginFolderTest {
    private static final Path FIXTURE = Cli.FIXTURES.resolve("encoder-global-many");

    @TempDir Path folder;

    private Path plugins;
    private Path output;

    @BeforeEach
    void dropTheJar() throws IOException {
        plugins = Files.createDirectory(folder.resolve("plugins"));
        output = folder.resolve("out.safetensors");
        try (Stream<Path> built = Files.list(Path.of("target", "plugins"))) {
            Path jar = built.findFirst().orElseThrow();
            Files.copy(jar, plugins.resolve(jar.getFileName()));
        }
    }

    @Test
    void theBackendIsListedWithItsJar() {
        Cli run = Cli.run("backends", "--json", "--set", "longspan.attention.plugins=" + plugins);
        assertThat(run.json().get("backends").findValuesAsString("name"))
                .containsExactly("fused", "chunks", "loop", "dense-example", "cuda");
        assertThat(run.out()).contains("attention-dense-example");
    }

    @Test
    void theBackendIsChosenByConfigurationAndAgreesWithTransformers() {
        Cli run = forward("--set", "longspan.attention.backend=dense-example");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.json().get("backend").asString()).isEqualTo("dense-example");
        assertThat(run.json().get("backendVersion").asString()).isEqualTo("1.0");
        try (SafetensorsFile actual = SafetensorsFile.open(output);
                SafetensorsFile expected =
                        SafetensorsFile.open(FIXTURE.resolve("outputs.safetensors"))) {
            float[] got = actual.get("hidden_state.3").toFloats();
            float[] want = expected.get("hidden_state.3").toFloats();
            for (int i = 0; i < want.length; i++) {
                assertThat(got[i]).isCloseTo(want[i], within(1e-4f));
            }
        }
    }

    @Test
    void aModelOfThreeLayersIsTrainedThroughTheJar() throws IOException {
        Path fixture =
                Path.of("..", "training", "src", "test", "resources", "fixtures")
                        .resolve("train-masked-lm");
        Cli run =
                Cli.run(
                        "train",
                        "--fixture",
                        fixture,
                        "--json",
                        "--set",
                        "longspan.attention.backend=dense-example",
                        "--set",
                        "longspan.attention.plugins=" + plugins);
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode expected =
                JsonMapper.builder()
                        .build()
                        .readTree(Files.readString(fixture.resolve("losses.json")))
                        .get("losses");
        JsonNode losses = run.json().get("losses");
        assertThat(losses).hasSameSizeAs(expected);
        for (int step = 0; step < expected.size(); step++) {
            assertThat(losses.get(step).asDouble())
                    .as("loss of step %d", step)
                    .isCloseTo(expected.get(step).asDouble(), within(1e-4));
        }
    }

    @Test
    void aJarWithABrokenClassIsOneSentenceAndExitCode2() throws IOException {
        Path broken = plugins.resolve("broken.jar");
        try (OutputStream file = Files.newOutputStream(broken);
                JarOutputStream jar = new JarOutputStream(file)) {
            jar.putNextEntry(
                    new JarEntry("META-INF/services/" + AttentionBackendProvider.class.getName()));
            jar.write("com.example.Broken\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            jar.putNextEntry(new JarEntry("com/example/Broken.class"));
            jar.write(new byte[] {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0, 99});
        }
        Cli refused = forward("--attention", "loop");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("broken.jar", "com", "longspan.attention.fallback=next");
        assertThat(output).doesNotExist();
        Cli listed = Cli.run("backends", "--set", "longspan.attention.plugins=" + plugins);
        assertThat(listed.code()).isEqualTo(2);
        assertThat(listed.out()).contains("not usable: ", "broken.jar");
        Cli accepted = forward("--attention", "loop", "--set", "longspan.attention.fallback=next");
        assertThat(accepted.code()).as(accepted.err()).isZero();
    }

    @Test
    void theSameJarTwiceIsAnErrorThatNamesBoth() throws IOException {
        try (Stream<Path> jars = Files.list(plugins)) {
            Path jar = jars.findFirst().orElseThrow();
            Files.copy(jar, plugins.resolve("copy.jar"));
        }
        Cli run = forward("--attention", "loop");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("'dense-example'", "copy.jar", "remove one");
    }

    private Cli forward(String... more) {
        Stream<Object> fixed =
                Stream.of(
                        "forward",
                        "--model",
                        FIXTURE,
                        "--input",
                        FIXTURE.resolve("inputs.safetensors"),
                        "--output",
                        output,
                        "--json",
                        "--set",
                        "longspan.attention.plugins=" + plugins);
        return Cli.run(Stream.concat(fixed, Stream.of(more)).toArray());
    }
}
