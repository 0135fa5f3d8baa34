package io.longspan.admin.inferences;

import io.longspan.admin.page.Refused;
import java.time.Duration;

/** How far back a reader looks, and how long the pieces of the charts are. */
enum Window {
    M15("15m", Duration.ofMinutes(15), Duration.ofSeconds(15)),
    H1("1h", Duration.ofHours(1), Duration.ofMinutes(1)),
    H6("6h", Duration.ofHours(6), Duration.ofMinutes(5)),
    H24("24h", Duration.ofHours(24), Duration.ofMinutes(20)),
    D7("7d", Duration.ofDays(7), Duration.ofHours(2));

    final String key;
    final Duration length;
    final Duration piece;

    Window(String key, Duration length, Duration piece) {
        this.key = key;
        this.length = length;
        this.piece = piece;
    }

    static Window of(String key) {
        for (Window window : values()) {
            if (window.key.equals(key)) {
                return window;
            }
        }
        throw new Refused("'window' is '" + key + "'; it must be 15m, 1h, 6h, 24h or 7d.");
    }
}
