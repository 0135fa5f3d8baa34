package io.longspan.cli;

import io.longspan.api.v1.DeleteAliasResponse;
import io.longspan.api.v1.ModelAlias;
import io.longspan.api.v1.ModelDescription;
import io.longspan.api.v1.UnloadModelResponse;
import io.longspan.cli.config.UsageException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands of {@code call models} that change what a server holds. */
final class CallModelCommands {
    private CallModelCommands() {}

    /** Opens a checkpoint. */
    @Command(
            name = "load",
            description = {
                "Open a checkpoint beside what the server holds, and let the model's name point at it.",
                "The version before is closed after its last call. The folder is one of the server's machine."
            },
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan call models load news news-2 --version-name 2"})
    static final class Load implements Callable<Integer> {
        @Mixin private CallOptions options;

        @Parameters(paramLabel = "NAME", description = "Name that clients ask for.")
        private String name;

        @Parameters(paramLabel = "FOLDER", description = "Folder of the checkpoint.")
        private String folder;

        @Option(
                names = "--version-name",
                defaultValue = "",
                paramLabel = "VERSION",
                description = "Version; made of the weights' digest without it.")
        private String version;

        @Option(names = "--keep", description = "Keep the version before, to be asked by version.")
        private boolean keep;

        @Override
        public Integer call() {
            return options.call(client -> {
                ModelDescription loaded = client.load(name, version, folder, keep);
                options.print(loaded, CallView.text(loaded));
            });
        }
    }

    /** Closes versions. */
    @Command(
            name = "unload",
            description = {
                "Close a version of a model, or all of them, once their calls have ended.",
                "Waits for that as long as --deadline says; they are closed afterwards all the same."
            },
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan call models unload news --version-name 1"})
    static final class Unload implements Callable<Integer> {
        @Mixin private CallOptions options;

        @Parameters(paramLabel = "NAME", description = "Name of the model.")
        private String name;

        @Option(
                names = "--version-name",
                defaultValue = "",
                paramLabel = "VERSION",
                description = "Version; all of them without it.")
        private String version;

        @Override
        public Integer call() {
            return options.call(client -> {
                client.unload(name, version);
                options.print(
                        UnloadModelResponse.getDefaultInstance(),
                        "closed " + (version.isEmpty() ? name : name + " " + version));
            });
        }
    }

    /** Sets or deletes an alias. */
    @Command(
            name = "alias",
            description = {
                "Let an alias point at a version of a model, or delete it.",
                "The model's own name as the alias moves that name to another version."
            },
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example: longspan call models alias stable --model news --version-name 1",
                "Example: longspan call models alias stable --delete"
            })
    static final class Alias implements Callable<Integer> {
        @Mixin private CallOptions options;

        @Parameters(paramLabel = "ALIAS", description = "The alias.")
        private String alias;

        @Option(
                names = "--model",
                defaultValue = "",
                paramLabel = "NAME",
                description = "Model that it points at.")
        private String model;

        @Option(
                names = "--version-name",
                defaultValue = "",
                paramLabel = "VERSION",
                description = "Version; the one that the name points at now without it.")
        private String version;

        @Option(names = "--delete", description = "Delete the alias.")
        private boolean delete;

        @Override
        public Integer call() {
            if (delete == !model.isEmpty()) {
                throw new UsageException(
                        "name either --model, which the alias is to point at, or --delete");
            }
            return options.call(client -> {
                if (delete) {
                    client.deleteAlias(alias);
                    options.print(DeleteAliasResponse.getDefaultInstance(), "deleted " + alias);
                } else {
                    ModelAlias set = client.setAlias(alias, model, version);
                    options.print(
                            set, set.getAlias() + " is " + set.getName() + " " + set.getVersion());
                }
            });
        }
    }
}
