package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import io.longspan.corpus.ParquetLines;
import io.longspan.model.bulk.BulkInput;
import io.longspan.model.bulk.BulkPublisher;
import io.longspan.model.bulk.BulkStart;
import io.longspan.model.bulk.JsonLinesInput;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/** What is read and what is written by bulk inference. */
final class BulkFiles {
    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "Documents: .jsonl, an object per line, plain or gzipped; or .parquet.")
    private Path input;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "File to write: .jsonl or .parquet.")
    private Path output;

    @Option(
            names = "--text-field",
            defaultValue = "text",
            paramLabel = "NAME",
            description = "Member or column with the text. Default: ${DEFAULT-VALUE}.")
    private String textField;

    @Option(
            names = "--id-field",
            defaultValue = "id",
            paramLabel = "NAME",
            description =
                    "Member or column with the id; where it is missing, the number of the line or row stands in, from 1. Default: ${DEFAULT-VALUE}.")
    private String idField;

    @Option(
            names = "--resume",
            description =
                    "Go on from an unfinished run, or fail when there is none. Without it a run goes on where there is one and begins where there is none.")
    private boolean resume;

    @Option(
            names = "--force",
            description =
                    "Begin anew and replace the output and what is left of an unfinished run.")
    private boolean force;

    Path output() {
        return output;
    }

    BulkStart start() {
        if (resume && force) {
            throw new UsageException(
                    "--resume and --force are both given; go on with one, or begin anew with the other");
        }
        return resume ? BulkStart.RESUME : force ? BulkStart.FORCE : BulkStart.ANY;
    }

    /** Opens the input; it is read once, for its digest. */
    BulkInput open() {
        if (ends(input, ".parquet")) {
            return ParquetDocuments.of(input, textField, idField);
        }
        if (!ends(input, ".jsonl") && !ends(input, ".jsonl.gz")) {
            throw new UsageException(
                    "--input is '"
                            + input
                            + "'; its name must end in .jsonl, .jsonl.gz or .parquet");
        }
        return JsonLinesInput.of(input, textField, idField);
    }

    /**
     * What makes the output of the answers.
     *
     * @param columns of the answers, in DuckDB's types
     */
    BulkPublisher publisher(Map<String, String> columns) {
        if (ends(output, ".jsonl")) {
            return BulkPublisher.lines();
        }
        if (!ends(output, ".parquet")) {
            throw new UsageException(
                    "--output is '" + output + "'; its name must end in .jsonl or .parquet");
        }
        Map<String, String> all = new LinkedHashMap<>();
        all.put("id", "VARCHAR");
        all.put("tokens", "BIGINT");
        all.put("windows", "INTEGER");
        all.putAll(columns);
        return (lines, target) -> ParquetLines.write(lines, all, target);
    }

    private static boolean ends(Path file, String ending) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
    }
}
