package io.longspan.cli;

import io.longspan.cli.term.Table;
import io.longspan.corpus.Validation;
import io.longspan.ingest.JobView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Ingest jobs and data sets, for people and for machines. */
final class JobText {
    private JobText() {}

    static Map<String, Object> json(JobView job) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", job.id());
        json.put("corpus", job.corpus());
        json.put("source", job.source());
        json.put("out", job.out());
        json.put("status", job.status());
        json.put("message", job.message());
        json.put("created", job.created());
        json.put("started", job.started().orElse(null));
        json.put("ended", job.ended().orElse(null));
        json.put("steps", job.steps().stream().map(JobText::json).toList());
        return json;
    }

    private static Map<String, Object> json(JobView.Step step) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", step.name());
        json.put("status", step.status());
        json.put("read", step.read());
        json.put("written", step.written());
        json.put("dropped", step.dropped());
        json.put("started", step.started().orElse(null));
        json.put("ended", step.ended().orElse(null));
        return json;
    }

    static String table(List<JobView> jobs) {
        if (jobs.isEmpty()) {
            return "nothing was ever ingested; 'longspan ingest run --help' says how";
        }
        Table table =
                new Table("job", "corpus", "status", "documents", "seconds", "out", "message");
        jobs.forEach(job ->
                table.row(
                        Long.toString(job.id()),
                        job.corpus(),
                        job.status(),
                        Long.toString(written(job)),
                        seconds(job),
                        job.out(),
                        job.message()));
        return table.toString();
    }

    static String text(JobView job) {
        Table steps = new Table("step", "status", "read", "written", "dropped");
        job.steps()
                .forEach(step ->
                        steps.row(
                                step.name(),
                                step.status(),
                                Long.toString(step.read()),
                                Long.toString(step.written()),
                                Long.toString(step.dropped())));
        return "job      "
                + job.id()
                + ": "
                + job.corpus()
                + " from "
                + job.source()
                + "\nout      "
                + job.out()
                + "\nstatus   "
                + job.status()
                + ", "
                + seconds(job)
                + " s"
                + (job.message().isEmpty() ? "" : "\nmessage  " + job.message())
                + "\n\n"
                + steps;
    }

    static String text(Path folder, Validation found) {
        String counts =
                String.format(
                        Locale.ROOT,
                        "%s: %d shards, %,d documents, %,d tokens, %,d bytes",
                        folder,
                        found.shards(),
                        found.documents(),
                        found.tokens(),
                        found.bytes());
        return found.problems().isEmpty()
                ? counts + ": everything is as the manifest says"
                : counts + "\n" + String.join("\n", found.problems());
    }

    private static long written(JobView job) {
        return job.steps().stream()
                .filter(JobView.Step::partition)
                .mapToLong(JobView.Step::written)
                .sum();
    }

    private static String seconds(JobView job) {
        return job.started()
                .map(from ->
                        String.format(
                                Locale.ROOT,
                                "%.1f",
                                Duration.between(from, job.ended().orElse(Instant.now())).toMillis()
                                        / 1e3))
                .orElse("-");
    }
}
