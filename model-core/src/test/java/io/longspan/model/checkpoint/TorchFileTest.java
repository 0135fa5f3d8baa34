package io.longspan.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.ModelInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files were written by torch itself; generate.py beside them says how. */
final class TorchFileTest {
    private static final Path FILES = Path.of("src/test/resources/torch");

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"kinds.bin", "kinds-protocol-4.bin", "nested.bin"})
    void everyTypeAndLayoutIsReadAsTorchReadsIt(String name) {
        try (TorchFile found = TorchFile.open(FILES.resolve(name));
                SafetensorsFile expected =
                        SafetensorsFile.open(FILES.resolve("kinds.safetensors"))) {
            assertSameTensors(found, expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model-bin", "model-bin-sharded"})
    void checkpointInBinFilesIsTheSameModel(String name) {
        try (Checkpoint found = CheckpointFiles.open(FILES.resolve(name));
                Checkpoint expected = CheckpointFiles.open(FILES.resolve("model-safetensors"))) {
            TensorNames names = found.names();
            assertThat(names.task()).isEqualTo(Task.MASKED_LM);
            // torch writes the tied decoder and its bias too, under names of their own.
            assertThat(names.decoder()).isEqualTo(ModelTensors.WORDS);
            assertThat(names.ignoresDifferentDecoder()).isFalse();
            assertThat(names.unused()).isEmpty();
            for (String tensor : expected.names().canonical()) {
                assertThat(names.get(tensor).toFloats())
                        .as(tensor)
                        .isEqualTo(expected.names().get(tensor).toFloats());
            }
        }
    }

    @Test
    void safetensorsAreReadWhereBothAreThere() throws IOException {
        Path both = Files.createDirectory(folder.resolve("both"));
        for (String file : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(FILES.resolve("model-safetensors").resolve(file), both.resolve(file));
        }
        Files.copy(FILES.resolve("os-system.bin"), both.resolve("pytorch_model.bin"));
        try (Checkpoint found = CheckpointFiles.open(both)) {
            assertThat(found.tensors()).isInstanceOf(SafetensorsFile.class);
        }
    }

    @Test
    void shardThatIndexMisplacesIsNamed() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("shards"));
        try (var files = Files.list(FILES.resolve("model-bin-sharded"))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        Path index = copy.resolve("pytorch_model.bin.index.json");
        Files.writeString(
                index, "{\"weight_map\":{\"ghost\":\"pytorch_model-00001-of-00002.bin\"}}");
        assertThatThrownBy(() -> CheckpointFiles.open(copy))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("holds no tensor 'ghost'");
        Files.writeString(index, "{\"weight_map\":{\"w\":\"model.safetensors\"}}");
        assertThatThrownBy(() -> CheckpointFiles.open(copy))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("plain name of a .bin file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "os-system|asks for 'POSIX.system'",
                "builtins-eval|asks for 'builtins.eval'",
                "nested-in-reduce|asks for 'POSIX.system'",
                "nested-in-build|asks for 'os.system'",
                "nested-in-newobj|asks for 'subprocess.Popen'",
                "inst|asks for 'os.system'",
                "obj|asks for 'os.system'",
                "persistent-code|asks for 'os.system'",
                "attribute-of-known|asks for 'torch._utils._rebuild_tensor_v2.__globals__'",
                "newobj|instruction NEWOBJ",
                "obj-allowed|instruction OBJ",
                "extension|instruction EXT1",
                "build-on-tuple|sets the state of something",
                "call-storage|calls something that is no function",
                "view-bomb|does not fit in its storage of 1 values",
                "long-text|ends in the middle of a value",
                "long-text-8|ends in the middle of a value",
                "legacy|before version 1.6",
                "big-endian|byte order is 'big'; it must be little",
                "compressed|is compressed or encrypted",
            })
    void whatAFileMustNotDoIsRefusedByName(String file, String message) {
        // Python calls the module posix on Linux and nt elsewhere.
        String expected = message.replace("POSIX", "posix");
        Path path = FILES.resolve(file + ".bin");
        assertThatThrownBy(() -> TorchFile.open(path))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(expected);
    }

    @Test
    void whatIsNoTorchFileIsNamed() throws IOException {
        Path text =
                Files.writeString(folder.resolve("t.bin"), "version https://git-lfs.github.com");
        assertRefused(text, "is no PyTorch file");
        assertRefused(Files.write(folder.resolve("e.bin"), new byte[0]), "is no PyTorch file");
        assertRefused(
                Files.write(folder.resolve("p.bin"), new byte[] {'P', 'K', 3, 4, 0, 0}),
                "directory cannot be read");
        assertRefused(
                new TorchBytes().code("N.").write(folder.resolve("n.bin")), "something other");
        assertRefused(new TorchBytes().code("}.").write(folder.resolve("d.bin")), "no tensors");
    }

    @Test
    void deepNestingAndMemoBombsCostNothing() {
        int deep = 300_000;
        // A list in a list in a list; then a dictionary that holds itself.
        assertRefused(
                new TorchBytes()
                        .code("]", deep)
                        .code("a", deep - 1)
                        .code(".")
                        .write(folder.resolve("a")),
                "something other than a dictionary");
        assertRefused(
                new TorchBytes().code("}q\0").text("w").code("h\0s.").write(folder.resolve("b")),
                "no tensors by name");
        // Doubling a tuple two hundred thousand times: 2^200000 values, were it ever walked.
        assertRefused(
                new TorchBytes()
                        .code(")")
                        .code("q\0h\0\u0086", 200_000)
                        .code(".")
                        .write(folder.resolve("c")),
                "something other than a dictionary");
        // The same as the key of a dictionary, which would have to be hashed.
        assertRefused(
                new TorchBytes()
                        .code("})")
                        .code("q\0h\0\u0086", 200_000)
                        .code("Ns.")
                        .write(folder.resolve("d")),
                "key is neither");
    }

    @Test
    void lengthAndStepsOfTheListAreBounded() {
        assertRefused(
                new TorchBytes().code("N", 1_000_001).write(folder.resolve("s")),
                "more than 1000000 steps");
        byte[] long17 = new byte[(16 << 20) + 1];
        assertRefused(TorchBytes.write(folder.resolve("l"), long17), "at most 16777216 are read");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "K\\4K\\0|does not fit in its storage", // begins behind the end
                "K\\0J\\255\\255\\255\\255|does not fit in its storage",
                "J\\255\\255\\255\\255K\\1|does not fit in its storage",
            })
    void viewsOutsideOfTheirStorageAreRefused(String offsetAndStride, String message) {
        String code = decode(offsetAndStride);
        String offset = code.charAt(0) == 'K' ? code.substring(0, 2) : code.substring(0, 5);
        String stride = code.substring(offset.length());
        TorchBytes bytes =
                new TorchBytes()
                        .code("}")
                        .text("w")
                        .code("ctorch._utils\n_rebuild_tensor_v2\n((")
                        .text("storage")
                        .code("ctorch\nFloatStorage\n")
                        .text("0")
                        .text("cpu")
                        .code("K\4tQ")
                        .code(offset)
                        .code("K\2\u0085")
                        .code(stride)
                        .code("\u0085\u0089)tRs.");
        assertRefused(bytes.write(folder.resolve("v")), message);
    }

    private static String decode(String escaped) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            if (escaped.charAt(i) == '\\') {
                int end = i + 1;
                while (end < escaped.length() && Character.isDigit(escaped.charAt(end))) {
                    end++;
                }
                text.append((char) Integer.parseInt(escaped.substring(i + 1, end)));
                i = end - 1;
            } else {
                text.append(escaped.charAt(i));
            }
        }
        return text.toString();
    }

    private static void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> TorchFile.open(file))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    private static void assertSameTensors(TensorSource found, TensorSource expected) {
        assertThat(found.names()).isEqualTo(expected.names());
        for (String name : expected.names()) {
            assertThat(found.info(name)).isEqualTo(expected.info(name));
            assertThat(found.get(name).data().mismatch(expected.get(name).data()))
                    .as(name)
                    .isEqualTo(-1);
        }
    }
}
