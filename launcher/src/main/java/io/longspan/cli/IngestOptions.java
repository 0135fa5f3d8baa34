package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import io.longspan.ingest.Corpus;
import io.longspan.ingest.IngestRequest;
import io.longspan.ingest.IngestSettings;
import io.longspan.ingest.Normalization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What to ingest. */
final class IngestOptions {
    @Option(
            names = "--corpus",
            required = true,
            paramLabel = "NAME",
            description = {
                "books: a folder of .txt files, Project Gutenberg's header and footer taken off.",
                "text: .txt files as they are."
            })
    private String corpus;

    @Option(
            names = "--source",
            required = true,
            paramLabel = "PATH",
            description = "File or folder to read; may be repeated, the order counts.")
    private List<Path> sources;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder of the data set; made when missing.")
    private Path out;

    @Option(
            names = "--tokenizer",
            paramLabel = "DIR",
            description =
                    "Folder with tokenizer.json, or vocab.json and merges.txt. Default: RoBERTa's, which comes along.")
    private @Nullable Path tokenizer;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the data set in its manifest. Default: the folder's.")
    private @Nullable String name;

    @Option(
            names = "--normalize",
            defaultValue = "standard",
            paramLabel = "HOW",
            description =
                    "standard: byte order mark off, line feeds, boilerplate off; none: every character stays. Default: ${DEFAULT-VALUE}.")
    private String normalize;

    @Option(
            names = "--shard-mb",
            defaultValue = "64",
            paramLabel = "N",
            description =
                    "Megabytes (MiB) of source after which a shard is full. Default: ${DEFAULT-VALUE}.")
    private int shardMebibytes;

    IngestRequest request(int workers) {
        if (shardMebibytes < 1) {
            throw new UsageException("--shard-mb is " + shardMebibytes + "; it must be 1 or more");
        }
        Path folder = out.toAbsolutePath().normalize();
        return new IngestRequest(
                Corpus.named(corpus),
                sources,
                folder,
                tokenizer == null ? shipped() : tokenizer,
                name == null ? String.valueOf(folder.getFileName()) : name,
                IngestSettings.STANDARD
                        .with(Normalization.named(normalize))
                        .withShardBytes((long) shardMebibytes << 20),
                workers);
    }

    private static Path shipped() {
        Path files = DistributionFiles.demo().resolve("tokenizer");
        if (!Files.isDirectory(files)) {
            throw new UsageException("no tokenizer came along; name one with --tokenizer");
        }
        return files;
    }
}
