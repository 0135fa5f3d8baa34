package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import io.longspan.model.ModelInputException;
import io.longspan.model.tokenizer.Encoding;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Text to ids, or ids to text. */
@Command(
        name = "tokenize",
        description = {
            "Turn text into token ids, or ids back into text.",
            "The text comes from --text, from --file or from standard input."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: longspan tokenize --tokenizer model --text \"Hello world\"",
            "Example: longspan tokenize --tokenizer model --decode \"0 31414 232 2\""
        })
final class TokenizeCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(
            names = "--tokenizer",
            required = true,
            paramLabel = "DIR",
            description = "Folder with tokenizer.json, or with vocab.json and merges.txt.")
    private Path folder;

    @ArgGroup private @Nullable Source source;

    @Option(
            names = "--no-special",
            description =
                    "Without <s> and </s> around the text; when decoding, leave special tokens out.")
    private boolean noSpecial;

    /** Where the text comes from; at most one of these. */
    private static final class Source {
        @Option(names = "--text", paramLabel = "TEXT", description = "The text itself.")
        private @Nullable String text;

        @Option(names = "--file", paramLabel = "FILE", description = "A text file in UTF-8.")
        private @Nullable Path file;

        @Option(
                names = "--decode",
                paramLabel = "IDS",
                description = "Ids, separated by spaces or commas, to be turned into text.")
        private @Nullable String decode;
    }

    @Override
    public Integer call() throws IOException {
        try (RobertaTokenizer tokenizer = RobertaTokenizer.open(folder)) {
            if (source != null && source.decode != null) {
                int[] ids = parse(source.decode);
                String text = tokenizer.decode(ids, noSpecial);
                common.console().result(Map.of("text", text), text);
            } else {
                Encoding encoding = tokenizer.encode(text(), !noSpecial);
                common.console().result(json(encoding), text(encoding));
            }
            return 0;
        }
    }

    private String text() throws IOException {
        if (source != null && source.text != null) {
            return source.text;
        }
        if (source != null && source.file != null) {
            return utf8(Files.readAllBytes(source.file), "file '" + source.file + "'");
        }
        try (InputStream in = System.in) {
            return utf8(in.readAllBytes(), "standard input");
        }
    }

    private static String utf8(byte[] bytes, String what) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new ModelInputException(
                    what + " is not UTF-8; convert it first, for example with iconv -t UTF-8", e);
        }
    }

    private static int[] parse(String ids) {
        return Arrays.stream(ids.strip().split("[\\s,]+"))
                .filter(id -> !id.isEmpty())
                .mapToInt(id -> {
                    if (!id.matches("[0-9]{1,9}")) {
                        throw new UsageException(
                                "--decode holds '"
                                        + id
                                        + "'; ids are whole numbers from 0, separated by spaces or commas");
                    }
                    return Integer.parseInt(id);
                })
                .toArray();
    }

    private static Map<String, Object> json(Encoding encoding) {
        List<String> tokens = new ArrayList<>();
        List<int[]> offsets = new ArrayList<>();
        for (int i = 0; i < encoding.size(); i++) {
            tokens.add(encoding.token(i));
            offsets.add(new int[] {encoding.start(i), encoding.end(i)});
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ids", encoding.ids());
        json.put("tokens", tokens);
        json.put("offsets", offsets);
        return json;
    }

    private static String text(Encoding encoding) {
        return IntStream.of(encoding.ids())
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" "));
    }
}
