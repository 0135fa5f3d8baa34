package io.longspan.cli.demo;

import io.longspan.cli.role.Platform;
import io.longspan.cli.role.PlatformSettings;
import io.longspan.cli.role.Role;
import io.longspan.cli.term.Console;
import io.longspan.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The whole way, and what it showed.
 *
 * @param model that was made
 * @param answer that a client got, and its row
 * @param seconds from the first step to the last
 */
public record Demo(DemoModel model, DemoAnswer answer, double seconds) {
    /** What the held-out loss has to fall by, in nats, for the demo to have shown learning. */
    static final double LEAST_FALL = 2;

    /** Runs while the demo's servers are still up. */
    @FunctionalInterface
    public interface AtTheEnd {
        /** Returns when the servers may stop. */
        void run(Demo demo, Optional<String> console, Optional<String> target);
    }

    /**
     * Runs it.
     *
     * @param state folder of the working folder's state
     * @param files books and tokenizer
     * @param settings of a process; the demo chooses roles and models itself
     * @param atTheEnd runs before anything is stopped
     * @throws DemoFailedException when a step does not do what it promises
     */
    public static void run(
            Path state,
            Path files,
            Store store,
            PlatformSettings settings,
            boolean console,
            Console out,
            AtTheEnd atTheEnd)
            throws IOException {
        long begin = System.nanoTime();
        Set<Role> first = console ? EnumSet.of(Role.WORKER, Role.ADMIN) : EnumSet.of(Role.WORKER);
        try (Platform worker = Platform.start(settings.with(first, List.of()), store, "demo")) {
            worker.console().ifPresent(c -> out.note("   watch it at " + c));
            worker.initialPassword()
                    .ifPresent(p -> out.note("   log in as 'admin' with the password " + p));
            DemoModel model = DemoModel.make(DemoFolder.create(state), files, store, out);
            out.note("4. serve it over gRPC and ask it over a socket");
            try (Platform server =
                    Platform.start(
                            settings.with(
                                    EnumSet.of(Role.SERVE),
                                    List.of(DemoModel.spec(model.checkpoint()))),
                            store,
                            "demo")) {
                DemoAnswer answer = DemoAnswer.ask(server.target().orElseThrow(), store.address());
                Demo demo = new Demo(model, answer, (System.nanoTime() - begin) / 1e9);
                demo.check();
                atTheEnd.run(demo, worker.console(), server.target());
            }
        }
    }

    private void check() {
        double fall = model.firstLoss() - model.lastLoss();
        if (!(fall >= LEAST_FALL)) {
            throw new DemoFailedException(
                    String.format(
                            Locale.ROOT,
                            "the held-out loss fell from %.3f to %.3f nats; the demo promises a fall of %.0f",
                            model.firstLoss(),
                            model.lastLoss(),
                            LEAST_FALL));
        }
        if (!answer.tracked()) {
            throw new DemoFailedException(
                    "inference "
                            + answer.inferenceId()
                            + " is not in the database as the client saw it, but "
                            + answer.row().map(Object::toString).orElse("missing"));
        }
    }

    /** The summary for machines. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("documents", model.documents());
        json.put("tokens", model.tokens());
        json.put("first_loss", model.firstLoss());
        json.put("last_loss", model.lastLoss());
        json.put("predictions", answer.predictions().stream().map(p -> p.token()).toList());
        json.put("backend", answer.backend());
        json.put("inference_id", answer.inferenceId());
        json.put("tracked", answer.tracked());
        json.put("seconds", seconds);
        return json;
    }

    /** The summary for people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(DemoAnswer.TEXT).append("\n");
        answer.predictions()
                .forEach(p ->
                        text.append(
                                String.format(
                                        Locale.ROOT,
                                        "  %5.1f %%  '%s'%n",
                                        100 * p.probability(),
                                        p.token())));
        DemoAnswer.Row row = answer.row().orElseThrow();
        text.append(
                String.format(
                        Locale.ROOT,
                        "%nthe same call in the database, read through a second connection:%n  %s  %s  model %s  %s attention  %d tokens  %s  %.1f ms%n%ndone in %.0f s",
                        answer.inferenceId(),
                        row.method(),
                        row.model(),
                        row.backend(),
                        row.tokens(),
                        row.status(),
                        row.totalMillis(),
                        seconds));
        return text.toString();
    }
}
