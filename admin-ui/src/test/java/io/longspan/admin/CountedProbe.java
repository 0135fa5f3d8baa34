package io.longspan.admin;

import io.longspan.admin.backends.BackendProbe;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Backends of which one is right, one wrong and one broken; each waits until it may go on. */
final class CountedProbe implements BackendProbe {
    final Semaphore mayGoOn = new Semaphore(0);

    @Override
    public List<String> backends() {
        return List.of("good", "bad<b>", "broken");
    }

    @Override
    public String measured() {
        return "a layer of 77 tokens";
    }

    @Override
    public Found probe(String backend, Runnable goOn) {
        try {
            mayGoOn.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the console ends", e);
        }
        return switch (backend) {
            case "good" ->
                    new Found(
                            backend,
                            "7",
                            6,
                            List.of(),
                            List.of("dilation: not it"),
                            2.5e-7,
                            1.25,
                            1,
                            2,
                            "");
            case "bad<b>" ->
                    new Found(
                            backend,
                            "8",
                            5,
                            List.of("causal: off by 0.5"),
                            List.of(),
                            0,
                            3,
                            3,
                            3,
                            "");
            default -> throw new IllegalStateException("no such library");
        };
    }
}
