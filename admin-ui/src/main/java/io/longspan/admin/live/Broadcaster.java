package io.longspan.admin.live;

import io.longspan.store.Store;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Tells open pages which topics have news. Thread-safe. */
@Component
final class Broadcaster implements DisposableBean {
    static final int MOST_LISTENERS = 200;
    private static final long EVERY_MS = 1000;
    private static final int BEATS_BETWEEN_SIGNS = 15;

    /** Then the page connects again, which looks at its session again. */
    private static final long LONGEST_MS = TimeUnit.MINUTES.toMillis(10);

    private final Store store;
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock;

    /** Only touched by the clock's thread. */
    private Map<String, String> last = Map.of();

    private boolean away;
    private int beats;

    // The task catches what a look at the store throws; nobody waits for its end.
    @SuppressWarnings("FutureReturnValueIgnored")
    Broadcaster(Store store) {
        this.store = store;
        clock =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("console-news").factory());
        clock.scheduleWithFixedDelay(this::beat, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /** A new page; empty when as many as may are open. */
    Optional<SseEmitter> listen() {
        if (listeners.size() >= MOST_LISTENERS) {
            return Optional.empty();
        }
        SseEmitter emitter = new SseEmitter(LONGEST_MS);
        Listener listener = new Listener(emitter, this::forget);
        listeners.add(listener);
        listener.tell(SseEmitter.event().comment("open").reconnectTime(2000));
        listener.start();
        return Optional.of(emitter);
    }

    private void forget(Listener listener) {
        if (listeners.remove(listener)) {
            listener.end();
        }
    }

    private void beat() {
        if (listeners.isEmpty()) {
            last = Map.of();
            return;
        }
        try {
            Map<String, String> now = store.pulse().marks();
            String news =
                    now.entrySet().stream()
                            .filter(e -> !e.getValue().equals(last.get(e.getKey())))
                            .map(Map.Entry::getKey)
                            .collect(Collectors.joining(" "));
            boolean first = last.isEmpty();
            last = now;
            if (away) {
                away = false;
                tell(SseEmitter.event().name("back").data("all"));
            } else if (!first && !news.isEmpty()) {
                tell(SseEmitter.event().name("news").data(news));
            } else if (++beats % BEATS_BETWEEN_SIGNS == 0) {
                tell(SseEmitter.event().comment("here"));
            }
        } catch (DataAccessException e) {
            if (!away) {
                away = true;
                tell(SseEmitter.event().name("away").data("all"));
            }
        }
    }

    private void tell(SseEmitter.SseEventBuilder event) {
        for (Listener listener : listeners) {
            if (!listener.tell(event)) {
                forget(listener);
            }
        }
    }

    @Override
    public void destroy() {
        clock.shutdownNow();
        listeners.forEach(this::forget);
    }
}
