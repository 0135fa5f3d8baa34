package io.longspan.cli;

import io.longspan.cli.config.Configuration;
import io.longspan.cli.config.KnownKey;
import io.longspan.cli.term.ProgressLine;
import io.longspan.cli.term.Table;
import io.longspan.model.hub.HubDownload;
import io.longspan.model.hub.HubModel;
import io.longspan.model.hub.HubReport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gets a published checkpoint. */
@Command(
        name = "pull",
        description = {
            "Download a published checkpoint: configuration, weights (safetensors where there are some) and tokenizer, each checked.",
            "After a broken transfer the same command goes on where it ended."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan pull allenai/longformer-base-4096 --to longformer"})
final class PullCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Parameters(paramLabel = "OWNER/NAME", description = "The model.")
    private String repository;

    @Option(
            names = "--revision",
            defaultValue = "main",
            paramLabel = "R",
            description = "Branch, tag or commit. Default: ${DEFAULT-VALUE}.")
    private String revision;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Folder to make. Default: NAME in the working folder.")
    private @Nullable Path to;

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description =
                    "Server to ask. Default: longspan.hub.endpoint, or else "
                            + HubModel.DEFAULT_ENDPOINT
                            + ". A token is taken from longspan.hub.token only.")
    private @Nullable String endpoint;

    @Override
    public Integer call() {
        Configuration configuration = common.configuration();
        String address =
                endpoint != null
                        ? endpoint
                        : configuration
                                .get(KnownKey.HUB_ENDPOINT)
                                .orElse(HubModel.DEFAULT_ENDPOINT);
        HubModel model =
                HubModel.of(
                        address,
                        repository,
                        revision,
                        configuration.get(KnownKey.HUB_TOKEN).orElse(null));
        Path folder = to == null ? Path.of(model.name()) : to;
        HubReport report;
        try (ProgressLine progress = ProgressLine.ofBytes("pull")) {
            report = new HubDownload(model).pull(folder, progress);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("to", folder.toString());
        json.put("repository", report.repository());
        json.put("revision", report.revision());
        json.put("commit", report.commit());
        json.put("bytes", report.bytes());
        json.put("files", report.files());
        common.console().result(json, text(folder, report));
        return 0;
    }

    private static String text(Path folder, HubReport report) {
        Table table = new Table("file", "bytes", "already here", "checked");
        for (HubReport.Pulled file : report.files()) {
            table.row(
                    file.name(),
                    String.format(Locale.ROOT, "%,d", file.bytes()),
                    String.format(Locale.ROOT, "%,d", file.kept()),
                    file.proof());
        }
        return String.format(
                Locale.ROOT,
                "%s: %s at %s (%s)%n%s",
                folder,
                report.repository(),
                report.revision(),
                report.commit(),
                table);
    }
}
