package io.longspan.admin.live;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The stream that open pages listen to. */
@Controller
class LiveEvents {
    private final Broadcaster broadcaster;

    LiveEvents(Broadcaster broadcaster) {
        this.broadcaster = broadcaster;
    }

    @GetMapping("/live/events")
    SseEmitter events(HttpServletResponse response) {
        response.setHeader("X-Accel-Buffering", "no");
        return broadcaster
                .listen()
                .orElseThrow(() ->
                        new ResponseStatusException(
                                HttpStatus.SERVICE_UNAVAILABLE,
                                "as many pages are open as may be ("
                                        + Broadcaster.MOST_LISTENERS
                                        + ")"));
    }
}
