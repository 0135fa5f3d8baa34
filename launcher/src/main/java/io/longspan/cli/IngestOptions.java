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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What to ingest. */
final class IngestOptions {
    @Option(
            names = "--corpus",
            required = true,
            paramLabel = "NAME",
            description = {
                "books: .txt files or .tar.gz of them, Project Gutenberg's header and footer taken off.",
                "text: the same as they are.",
                "bookcorpusopen: .tar.gz, folder of .txt, or Parquet, Smashwords' notices taken off.",
                "bookcorpus: .txt, .tar.bz2 or Parquet, a sentence a line; cut by size.",
                "wikipedia: .xml, .xml.bz2 (one stream or many) or Parquet.",
                "realnews: .jsonl, .gz, .zst, .tar.gz. stories: .txt (cut by size) or Parquet.",
                "jsonl, parquet: rows; see --text-column."
            })
    private String corpus;

    @Option(
            names = "--source",
            required = true,
            paramLabel = "PATH",
            description =
                    "File or folder to read, on this machine; may be repeated, the order counts.")
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
                    "Megabytes (MiB) of source, or of the text in files that hold many documents, after which a shard is full. Default: ${DEFAULT-VALUE}.")
    private int shardMebibytes;

    @Mixin private RuleOptions rules;

    Path out() {
        return out;
    }

    IngestRequest request(int workers) {
        if (shardMebibytes < 1) {
            throw new UsageException("--shard-mb is " + shardMebibytes + "; it must be 1 or more");
        }
        Corpus kind = Corpus.named(corpus);
        Path folder = out.toAbsolutePath().normalize();
        return new IngestRequest(
                kind,
                sources,
                folder,
                tokenizer == null ? shipped() : tokenizer,
                name == null ? String.valueOf(folder.getFileName()) : name,
                IngestSettings.STANDARD
                        .with(Normalization.named(normalize))
                        .withShardBytes((long) shardMebibytes << 20)
                        .with(rules.rules(kind)),
                workers);
    }

    /** RoBERTa's tokenizer, which comes along. */
    static Path shipped() {
        Path files = DistributionFiles.demo().resolve("tokenizer");
        if (!Files.isDirectory(files)) {
            throw new UsageException("no tokenizer came along; name one with --tokenizer");
        }
        return files;
    }
}
