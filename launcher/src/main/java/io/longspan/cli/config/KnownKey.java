package io.longspan.cli.config;

import io.longspan.attention.registry.AttentionSettings;
import java.util.Arrays;
import java.util.Comparator;

/** Every key that some part of the platform reads. The README's table lists the same. */
public enum KnownKey {
    /** Backend. */
    ATTENTION_BACKEND("longspan.attention.backend"),
    /** What happens when the backend cannot be used. */
    ATTENTION_FALLBACK("longspan.attention.fallback"),
    /** Folder of third-party backends. */
    ATTENTION_PLUGINS("longspan.attention.plugins"),
    /** Options of a backend. */
    ATTENTION_OPTIONS("longspan.attention.options.<backend>.<option>"),
    /** Whether the MKL inside libtorch uses all instructions of an AMD processor. */
    CPU_MKL_FULL_SPEED("longspan.cpu.mkl-full-speed"),
    /** How linear layers of inference are computed. */
    INFERENCE_PRECISION("longspan.inference.precision"),
    /** JDBC URL of the database; the embedded one without it. */
    STORE_URL("longspan.store.url"),
    /** Role to log in to the database with. */
    STORE_USER("longspan.store.user"),
    /** Password of that role. */
    STORE_PASSWORD("longspan.store.password"),
    /** Address the gRPC server listens on. */
    SERVE_ADDRESS("longspan.serve.address"),
    /** Port of the gRPC server; 0 takes a free one. */
    SERVE_PORT("longspan.serve.port"),
    /** Folder of a model to serve. */
    SERVE_MODELS("longspan.serve.models.<name>"),
    /** Requests that may wait for the model. */
    SERVE_QUEUE("longspan.serve.queue"),
    /** Tokens that may wait for the model. */
    SERVE_QUEUE_TOKENS("longspan.serve.queue-tokens"),
    /** Tokens of a batch at most. */
    SERVE_BATCH_TOKENS("longspan.serve.batch-tokens"),
    /** Requests of a batch at most. */
    SERVE_BATCH_REQUESTS("longspan.serve.batch-requests"),
    /** Memory that all models together may be expected to take, in MiB. */
    SERVE_MEMORY("longspan.serve.memory"),
    /** Folders out of which clients may have models loaded, with commas between them. */
    SERVE_MODEL_ROOTS("longspan.serve.model-roots"),
    /** Bytes that the spool may hold while the database is away, in MiB. */
    SERVE_SPOOL("longspan.serve.spool"),
    /** Whether clients need a key. */
    SERVE_AUTH("longspan.serve.auth"),
    /** Calls that a key may make in a minute. */
    SERVE_LIMIT_CALLS("longspan.serve.limits.calls"),
    /** Calls of a key that may run at the same time. */
    SERVE_LIMIT_CONCURRENT("longspan.serve.limits.concurrent"),
    /** Tokens that a key may have computed in a minute. */
    SERVE_LIMIT_TOKENS("longspan.serve.limits.tokens"),
    /** Certificate of the gRPC server, in PEM. */
    SERVE_TLS_CERTIFICATE("longspan.serve.tls.certificate"),
    /** Its private key, in PEM. */
    SERVE_TLS_KEY("longspan.serve.tls.key"),
    /** Certificates of those who sign clients, in PEM; clients need one then. */
    SERVE_TLS_CLIENTS("longspan.serve.tls.clients"),
    /** Largest request, in MiB. */
    SERVE_MESSAGE("longspan.serve.message"),
    /** Whether clients can ask the server for its interface. */
    SERVE_REFLECTION("longspan.serve.reflection"),
    /** Address where metrics are handed out. */
    SERVE_METRICS_ADDRESS("longspan.serve.metrics.address"),
    /** Port where metrics are handed out; 0 takes a free one. */
    SERVE_METRICS_PORT("longspan.serve.metrics.port"),
    /** Whether every call leaves a line in the log. */
    SERVE_LOG_CALLS("longspan.serve.log-calls"),
    /** Days after which rows leave the log of inferences. */
    SERVE_KEEP_DAYS("longspan.serve.keep-days"),
    /** Days for which the texts and answers of calls are kept. */
    SERVE_PAYLOADS_KEEP_DAYS("longspan.serve.payloads.keep-days"),
    /** KiB of texts, and as much of answers, that are kept of a call. */
    SERVE_PAYLOADS_SIZE("longspan.serve.payloads.size"),
    /** Collector of OTLP that spans and meters go to. */
    SERVE_OTLP_ENDPOINT("longspan.serve.otlp.endpoint"),
    /** Percent of calls that are followed when their callers say nothing of a trace. */
    SERVE_OTLP_PERCENT("longspan.serve.otlp.percent"),
    /** Headers of what goes to that collector. */
    SERVE_OTLP_HEADERS("longspan.serve.otlp.headers"),
    /** Key with which servers are called. */
    CALL_KEY("longspan.call.key"),
    /** Certificates that servers are believed by, in PEM. */
    CALL_CA("longspan.call.ca"),
    /** Address the console listens on. */
    ADMIN_ADDRESS("longspan.admin.address"),
    /** Port of the console; 0 takes a free one. */
    ADMIN_PORT("longspan.admin.port"),
    /** Password of the console's first administrator. */
    ADMIN_PASSWORD("longspan.admin.password"),
    /** Server that models are pulled from. */
    HUB_ENDPOINT("longspan.hub.endpoint"),
    /** Login for it. */
    HUB_TOKEN("longspan.hub.token"),
    /** Threads that ingest works with. */
    INGEST_THREADS("longspan.ingest.threads"),
    /** MiB that readers of Parquet may take together. */
    INGEST_PARQUET_MEMORY("longspan.ingest.parquet-memory"),
    /** Seconds after which a worker without a heartbeat is taken for dead. */
    WORKER_DEAD_AFTER("longspan.worker.dead-after");

    private static final String MODELS = "longspan.serve.models.";

    private final String key;

    KnownKey(String key) {
        this.key = key;
    }

    /** The full key; parts in angle brackets stand for any name. */
    public String key() {
        return key;
    }

    /** Whether some part of the platform reads a full key. */
    static boolean knows(String key) {
        return AttentionSettings.knows(key)
                || (key.startsWith(MODELS)
                        && key.length() > MODELS.length()
                        && key.indexOf('.', MODELS.length()) < 0)
                || Arrays.stream(values()).anyMatch(k -> k.key.equals(key) && !key.contains("<"));
    }

    /** The known key with the fewest changes from a text. */
    static String nearest(String text) {
        return Arrays.stream(values())
                .map(KnownKey::key)
                .min(Comparator.comparingInt(known -> distance(text, known)))
                .orElseThrow();
    }

    /** Edit distance: insertions, deletions and replacements that turn one text into the other. */
    static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
