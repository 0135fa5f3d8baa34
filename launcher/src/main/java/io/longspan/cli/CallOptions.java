package io.longspan.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longspan.api.InferenceId;
import io.longspan.api.LongspanClient;
import io.longspan.api.RequestPriority;
import io.longspan.cli.config.KnownKey;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.term.Console;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where to call, how long to wait, and how answers and refusals are printed. */
final class CallOptions {
    private static final int BAD_INPUT = 2;
    private static final int FAILURE = 1;

    @Mixin private CommonOptions common;

    @Option(
            names = "--target",
            defaultValue = "127.0.0.1:9090",
            paramLabel = "HOST:PORT",
            description = "Server to call. Default: ${DEFAULT-VALUE}.")
    private String target;

    @Option(
            names = "--deadline",
            defaultValue = "60",
            paramLabel = "SECONDS",
            description = "How long the call may take. Default: ${DEFAULT-VALUE}.")
    private int deadline;

    @Option(
            names = "--priority",
            defaultValue = "0",
            paramLabel = "LEVEL",
            description =
                    "How urgent the call is among those that wait: 1 most, 9 least, 0 the usual 5. Default: ${DEFAULT-VALUE}.")
    private int priority;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "Key to call with, see 'longspan keys'. Default: longspan.call.key, which LONGSPAN_CALL_KEY sets without showing it to others on this machine.")
    private @Nullable String key;

    @Mixin private TlsOptions tls;

    /**
     * Makes a call.
     *
     * @return the exit code: 2 when the server refused what was asked, 1 when it could not answer
     */
    int call(Consumer<LongspanClient> work) {
        if (deadline < 1) {
            throw new UsageException(
                    "--deadline is " + deadline + "; it must be a whole number of seconds from 1");
        }
        if (priority < 0 || priority > RequestPriority.LEAST_URGENT) {
            throw new UsageException(
                    "--priority is "
                            + priority
                            + "; it must be from "
                            + RequestPriority.MOST_URGENT
                            + ", the most urgent, to "
                            + RequestPriority.LEAST_URGENT
                            + ", or 0 for the usual one");
        }
        try (LongspanClient client =
                connect()
                        .withDeadline(Duration.ofSeconds(deadline))
                        .withPriority(priority)
                        .withKey(secret())) {
            work.accept(client);
            return 0;
        } catch (StatusRuntimeException e) {
            return explain(e);
        }
    }

    private LongspanClient connect() {
        try {
            return LongspanClient.connect(
                    target, tls.credentials(configured(KnownKey.CALL_CA).map(Path::of)));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage(), e);
        }
    }

    private String secret() {
        return Optional.ofNullable(key)
                .or(() -> configured(KnownKey.CALL_KEY))
                .map(String::strip)
                .orElse("");
    }

    private Optional<String> configured(KnownKey setting) {
        return common.configurationForMeasuring().get(setting);
    }

    private int explain(StatusRuntimeException refused) {
        Status status = refused.getStatus();
        String description =
                Unreached.reason(status, tls.encrypts()).orElse(status.getDescription());
        Optional<String> row = InferenceId.of(refused).map(id -> " [inference " + id + "]");
        common.console()
                .note(
                        "longspan: '"
                                + target
                                + "' answered "
                                + status.getCode()
                                + (description == null ? "" : ": " + description)
                                + row.orElse(""));
        return switch (status.getCode()) {
            case INVALID_ARGUMENT,
                    NOT_FOUND,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    UNAUTHENTICATED,
                    PERMISSION_DENIED ->
                    BAD_INPUT;
            default -> FAILURE;
        };
    }

    /** Prints an answer: its JSON as protobuf defines it, or the text. */
    void print(Message answer, String text) {
        Console console = common.console();
        console.out().println(console.json() ? json(answer) : text);
        console.out().flush();
    }

    /** Says something beside the result. */
    void note(String line) {
        common.console().note(line);
    }

    private static String json(Message answer) {
        try {
            return JsonFormat.printer().alwaysPrintFieldsWithNoPresence().print(answer);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the answer cannot be printed as JSON", e);
        }
    }
}
