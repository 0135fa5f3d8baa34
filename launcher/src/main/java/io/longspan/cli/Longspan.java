package io.longspan.cli;

import io.longspan.attention.AttentionConfigurationException;
import io.longspan.attention.UnsupportedWorkloadException;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.demo.DemoFailedException;
import io.longspan.cli.role.PlatformStartException;
import io.longspan.corpus.CorpusException;
import io.longspan.model.ModelInputException;
import io.longspan.model.hub.HubUnavailableException;
import io.longspan.serving.ServingException;
import io.longspan.store.StoreUnavailableException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/**
 * Entry point: parses the command line, runs a command, turns exceptions into one sentence and an
 * exit code.
 */
@Command(
        name = "longspan",
        description =
                "Longformer for the JVM: long-document models on pluggable attention backends.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example: longspan demo"},
        subcommands = {
            DemoCommand.class,
            TestCommand.class,
            BackendsCommand.class,
            InspectCommand.class,
            InitCommand.class,
            ConvertCommand.class,
            ResyncGlobalCommand.class,
            PullCommand.class,
            ForwardCommand.class,
            EmbedCommand.class,
            ClassifyCommand.class,
            AttentionCommand.class,
            TokenizeCommand.class,
            IngestCommand.class,
            TrainCommand.class,
            RunsCommand.class,
            WorkCommand.class,
            ServeCommand.class,
            AdminCommand.class,
            WorkerCommand.class,
            UpCommand.class,
            KeysCommand.class,
            CallCommand.class,
            BenchCommand.class,
        })
public final class Longspan {
    private static final int BAD_INPUT = 2;
    private static final int FAILURE = 1;

    private Longspan() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /**
     * Runs the command and returns its exit code: 0 done, 2 bad usage or bad input, 1 anything
     * else.
     */
    static int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    /** The whole command line, with the handlers that turn exceptions into exit codes. */
    static CommandLine commandLine() {
        return new CommandLine(new Longspan())
                .setExecutionExceptionHandler(Longspan::explain)
                .setParameterExceptionHandler(Longspan::explainUsage)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static int explainUsage(CommandLine.ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(
                "longspan: " + String.valueOf(problem.getMessage()).replaceFirst("^Error: ", ""));
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return BAD_INPUT;
    }

    private static int explain(Exception problem, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        return switch (problem) {
            case UsageException e -> say(err, e);
            case ModelInputException e -> say(err, e);
            case AttentionConfigurationException e -> say(err, e);
            case UnsupportedWorkloadException e -> say(err, e);
            case CorpusException e -> say(err, e);
            case ServingException e -> say(err, e);
            case StoreUnavailableException e -> fail(err, e);
            case PlatformStartException e -> fail(err, e);
            case DemoFailedException e -> fail(err, e);
            case HubUnavailableException e -> fail(err, e);
            case FileSystemException e -> {
                err.println(
                        "longspan: cannot use '"
                                + e.getFile()
                                + "' ("
                                + reason(e)
                                + "); check that it exists and that you may read and write it");
                yield BAD_INPUT;
            }
            case UncheckedIOException e -> {
                Throwable cause = e.getCause();
                err.println(
                        "longspan: "
                                + e.getMessage()
                                + " ("
                                + cause
                                + "); check the disk and the permissions");
                yield cause instanceof FileSystemException ? BAD_INPUT : FAILURE;
            }
            default -> {
                err.println(
                        "longspan: this should not have happened; please report it with the lines below");
                problem.printStackTrace(err);
                yield FAILURE;
            }
        };
    }

    private static int fail(PrintWriter err, RuntimeException problem) {
        say(err, problem);
        return FAILURE;
    }

    private static int say(PrintWriter err, RuntimeException problem) {
        err.println("longspan: " + problem.getMessage());
        return BAD_INPUT;
    }

    private static String reason(FileSystemException problem) {
        String kind = problem.getClass().getSimpleName().replace("Exception", "");
        return problem.getReason() == null ? kind : problem.getReason();
    }
}
