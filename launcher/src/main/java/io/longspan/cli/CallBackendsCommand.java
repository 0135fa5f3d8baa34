package io.longspan.cli;

import io.longspan.api.v1.BackendSelection;
import io.longspan.api.v1.ListBackendsResponse;
import io.longspan.cli.term.Table;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What runs the server's models. */
@Command(
        name = "backends",
        description =
                "List the attention backends that run the server's models; --json says how each was chosen.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan call backends --json"})
final class CallBackendsCommand implements Callable<Integer> {
    @Mixin private CallOptions options;

    @Override
    public Integer call() {
        return options.call(client -> {
            List<BackendSelection> selections = client.backends();
            Table table = new Table("model", "version", "backend", "its version", "precision");
            selections.forEach(s ->
                    table.row(
                            s.getModel(),
                            s.getModelVersion(),
                            s.getBackend(),
                            s.getBackendVersion(),
                            s.getPrecision()));
            options.print(
                    ListBackendsResponse.newBuilder().addAllSelections(selections).build(),
                    table.toString());
        });
    }
}
