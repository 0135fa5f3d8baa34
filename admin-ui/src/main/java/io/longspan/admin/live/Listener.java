package io.longspan.admin.live;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** One open page. It writes in a thread of its own, so that a slow one holds nobody up. */
final class Listener {
    private static final int MOST_BEHIND = 16;

    private final SseEmitter emitter;
    private final BlockingQueue<SseEmitter.SseEventBuilder> waiting =
            new ArrayBlockingQueue<>(MOST_BEHIND);
    private final Thread writer;

    Listener(SseEmitter emitter, Consumer<Listener> gone) {
        this.emitter = emitter;
        writer = Thread.ofVirtual().name("console-listener").unstarted(() -> write(gone));
        emitter.onCompletion(() -> gone.accept(this));
        emitter.onTimeout(emitter::complete);
        emitter.onError(e -> gone.accept(this));
    }

    void start() {
        writer.start();
    }

    /** Says whether it keeps up. */
    boolean tell(SseEmitter.SseEventBuilder event) {
        return waiting.offer(event);
    }

    void end() {
        writer.interrupt();
    }

    private void write(Consumer<Listener> gone) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                emitter.send(waiting.take());
            }
        } catch (IOException | IllegalStateException e) {
            // The page was closed: nothing is lost.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            gone.accept(this);
            emitter.complete();
        }
    }
}
