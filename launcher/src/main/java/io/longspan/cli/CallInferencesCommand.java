package io.longspan.cli;

import com.google.protobuf.util.Timestamps;
import io.longspan.api.v1.DeletePayloadsResponse;
import io.longspan.api.v1.GetPayloadResponse;
import io.longspan.api.v1.InferenceRow;
import io.longspan.api.v1.ListInferencesRequest;
import io.longspan.api.v1.ListInferencesResponse;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists tracked inferences; its commands are about what was said. */
@Command(
        name = "inferences",
        description =
                "List tracked inferences, newest first; its commands show and delete what callers sent, where servers keep it.",
        mixinStandardHelpOptions = true,
        subcommands = {
            CallInferencesCommand.Payload.class,
            CallInferencesCommand.DeletePayloads.class
        },
        footer = {
            "",
            "Example: longspan call inferences --status INVALID_ARGUMENT --limit 10",
            "Example: longspan call inferences --caller billing --from 2026-11-01T00:00:00Z"
        })
final class CallInferencesCommand implements Callable<Integer> {
    @Mixin private CallOptions options;

    @Option(
            names = "--limit",
            defaultValue = "20",
            paramLabel = "N",
            description = "Rows at most, 1 to 1000. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--id",
            defaultValue = "",
            paramLabel = "UUID",
            description = "Only this inference.")
    private String id;

    @Option(
            names = "--model",
            defaultValue = "",
            paramLabel = "NAME",
            description = "Only inferences of this model.")
    private String model;

    @Option(
            names = "--status",
            defaultValue = "",
            paramLabel = "STATUS",
            description = "Only inferences with this gRPC status, such as OK.")
    private String status;

    @Option(
            names = "--caller",
            defaultValue = "",
            paramLabel = "NAME",
            description = "Only inferences of this caller.")
    private String caller;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Only inferences from then on, such as 2026-11-01T00:00:00Z.")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            description = "Only inferences before then, in the same form.")
    private @Nullable String to;

    @Override
    public Integer call() {
        ListInferencesRequest.Builder request =
                ListInferencesRequest.newBuilder()
                        .setLimit(limit)
                        .setInferenceId(id)
                        .setModel(model)
                        .setStatus(status.toUpperCase(Locale.ROOT))
                        .setCaller(caller);
        TimeOption.read("--from", from)
                .ifPresent(time -> request.setFrom(Timestamps.fromMillis(time.toEpochMilli())));
        TimeOption.read("--to", to)
                .ifPresent(time -> request.setTo(Timestamps.fromMillis(time.toEpochMilli())));
        return options.call(client -> {
            List<InferenceRow> rows = client.inferences(request.build());
            options.print(
                    ListInferencesResponse.newBuilder().addAllInferences(rows).build(),
                    CallView.inferences(rows));
        });
    }

    /** Shows what was said. */
    @Command(
            name = "payload",
            description = {
                "Show what a caller sent and was answered: messages as JSON.",
                "Servers keep it only with longspan.serve.payloads.keep-days; takes a key with the scope payloads."
            },
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example: longspan call inferences payload 01993c5e-7a64-7b01-8f8e-3f1f0c2b7d10"
            })
    static final class Payload implements Callable<Integer> {
        @Mixin private CallOptions options;

        @Parameters(paramLabel = "UUID", description = "The inference.")
        private String id;

        @Override
        public Integer call() {
            return options.call(client -> {
                GetPayloadResponse answer = client.payload(id);
                options.print(answer, CallView.text(answer));
            });
        }
    }

    /** Deletes what was said. */
    @Command(
            name = "delete-payloads",
            description = {
                "Delete what a caller sent and was answered, for good; the rows of the log stay.",
                "What waits in some server's spool is deleted too, when it comes. Leaves a line in the audit; takes a key with the scope payloads."
            },
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example: longspan call inferences delete-payloads --caller billing --before 2026-11-01T00:00:00Z"
            })
    static final class DeletePayloads implements Callable<Integer> {
        @Mixin private CallOptions options;

        @Option(
                names = "--caller",
                required = true,
                paramLabel = "NAME",
                description = "Whose; anonymous are those who called without a key.")
        private String caller;

        @Option(
                names = "--before",
                paramLabel = "TIME",
                description =
                        "Only of calls before then, such as 2026-11-01T00:00:00Z. Default: everything until now.")
        private @Nullable String before;

        @Override
        public Integer call() {
            Optional<Instant> until = TimeOption.read("--before", before);
            return options.call(client -> {
                long deleted = client.deletePayloads(caller, until);
                options.print(
                        DeletePayloadsResponse.newBuilder().setDeleted(deleted).build(),
                        "deleted what was kept of " + deleted + " calls");
            });
        }
    }
}
