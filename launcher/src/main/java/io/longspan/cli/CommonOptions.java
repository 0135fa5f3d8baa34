package io.longspan.cli;

import io.longspan.cli.config.Configuration;
import io.longspan.cli.term.Console;
import io.longspan.model.tensor.MklFullSpeed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that every command has. */
final class CommonOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "Print the result as JSON on standard output.")
    private boolean json;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "Set a configuration key, such as longspan.attention.backend=loop; wins over longspan.yaml and LONGSPAN_*.")
    private List<String> settings = new ArrayList<>();

    Console console() {
        return new Console(command.commandLine().getOut(), command.commandLine().getErr(), json);
    }

    /** The settings in force. libtorch, which is not loaded yet, is told what they say of it. */
    Configuration configuration() {
        Configuration configuration = configurationForMeasuring();
        MklFullSpeed.apply(configuration.mklFullSpeed());
        return configuration;
    }

    /** The settings in force for a comparison, in which libtorch stays as its users find it. */
    Configuration configurationForMeasuring() {
        return Configuration.load(Path.of("longspan.yaml"), System.getenv(), settings);
    }
}
