package io.longspan.cli;

import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One run of the command in this process.
 *
 * @param code exit code
 * @param out what it printed on standard output
 * @param err what it printed on standard error
 */
record Cli(int code, String out, String err) {
    /** Golden vectors and the demo's files stand in the checkout, beside this module. */
    static final Path FIXTURES =
            Path.of("..", "model-core", "src", "test", "resources", "fixtures");

    static final Path DEMO = Path.of("..", "demo");

    static Cli run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                Longspan.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true));
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        int code = command.execute(words);
        return new Cli(code, out.toString(), err.toString());
    }

    /** Runs the command over a database that is up, as one does whose configuration names it. */
    static Cli over(Store store, Object... arguments) {
        StoreSettings.External address = store.address();
        Object[] all = Arrays.copyOf(arguments, arguments.length + 6);
        Object[] named = {
            "--set",
            "longspan.store.url=" + address.url(),
            "--set",
            "longspan.store.user=" + address.user(),
            "--set",
            "longspan.store.password=" + address.password()
        };
        System.arraycopy(named, 0, all, arguments.length, named.length);
        return run(all);
    }

    JsonNode json() {
        return JsonMapper.builder().build().readTree(out);
    }
}
