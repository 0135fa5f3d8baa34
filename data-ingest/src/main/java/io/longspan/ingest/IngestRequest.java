package io.longspan.ingest;

import io.longspan.corpus.CorpusException;
import java.nio.file.Path;
import java.util.List;

/**
 * A corpus to be turned into a data set. The same request names the same job: running it again goes
 * on where it ended.
 *
 * @param corpus kind of the source
 * @param sources folders and files, absolute, read in this order; a folder's files by their paths
 * @param out folder of the data set, absolute; made when missing
 * @param tokenizer folder of the tokenizer, absolute
 * @param name of the data set in its manifest
 * @param settings what shapes the content
 * @param workers shards that are written at once, 1 to 64; the output does not depend on it
 */
public record IngestRequest(
        Corpus corpus,
        List<Path> sources,
        Path out,
        Path tokenizer,
        String name,
        IngestSettings settings,
        int workers) {
    private static final int MOST_WORKERS = 64;
    private static final int LONGEST_NAME = 200;

    /**
     * Makes the paths absolute and checks the rest.
     *
     * @throws CorpusException naming what is wrong
     */
    public IngestRequest {
        sources = sources.stream().map(path -> path.toAbsolutePath().normalize()).toList();
        out = out.toAbsolutePath().normalize();
        tokenizer = tokenizer.toAbsolutePath().normalize();
        if (sources.isEmpty()) {
            throw new CorpusException("no source is named; name a folder or a file");
        }
        if (workers < 1 || workers > MOST_WORKERS) {
            throw new CorpusException(
                    "'workers' is " + workers + "; it must be from 1 to " + MOST_WORKERS);
        }
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            throw new CorpusException(
                    "the data set's name is '"
                            + name
                            + "'; it must have 1 to "
                            + LONGEST_NAME
                            + " characters, not all blank");
        }
    }

    /** One source, the default settings, the name of the corpus, a worker for each processor. */
    public static IngestRequest of(Corpus corpus, Path source, Path out, Path tokenizer) {
        return new IngestRequest(
                corpus,
                List.of(source),
                out,
                tokenizer,
                corpus.label(),
                IngestSettings.STANDARD,
                Math.min(MOST_WORKERS, Runtime.getRuntime().availableProcessors()));
    }

    /** With other settings. */
    public IngestRequest with(IngestSettings other) {
        return new IngestRequest(corpus, sources, out, tokenizer, name, other, workers);
    }

    /** With another number of workers. */
    public IngestRequest withWorkers(int other) {
        return new IngestRequest(corpus, sources, out, tokenizer, name, settings, other);
    }

    /** As JSON, for the work queue. */
    public String toJson() {
        return IngestRequestJson.text(this);
    }

    /**
     * Reads what {@link #toJson} wrote. Only {@code corpus}, {@code source}, {@code out} and {@code
     * tokenizer} have to be there; {@code source} is one path or a list.
     *
     * @throws CorpusException naming the member that is missing, unknown or wrong
     */
    public static IngestRequest fromJson(String json) {
        return IngestRequestJson.read(json);
    }
}
