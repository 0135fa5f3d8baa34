package io.longspan.admin.api;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.view.json.JacksonJsonView;

/**
 * What every page and answer says when the database does not answer. The page loads itself again
 * every few seconds; one that was open before shows a banner instead and goes on by itself.
 */
@ControllerAdvice(basePackages = "io.longspan.admin")
class DatabaseAway {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseAway.class);
    private static final HttpStatus AWAY = HttpStatus.SERVICE_UNAVAILABLE;
    private static final String SENTENCE =
            "the database does not answer; try again when it is back";

    private static final Duration QUIET = Duration.ofSeconds(30);

    private final View json = new JacksonJsonView();
    private final AtomicReference<Instant> logged = new AtomicReference<>(Instant.EPOCH);
    private final InstantSource clock;

    DatabaseAway(InstantSource consoleClock) {
        clock = consoleClock;
    }

    @ExceptionHandler({DataAccessException.class, TransactionException.class})
    ModelAndView away(Exception problem, HttpServletRequest request) {
        if (worthALine()) {
            LOG.warn("the console cannot read the database: {}", firstLine(problem));
        }
        boolean program =
                request.getServletPath().startsWith("/api/")
                        || request.getHeader("HX-Request") != null;
        ModelAndView answer =
                program
                        ? new ModelAndView(json, Map.of("error", SENTENCE))
                        : new ModelAndView("longspan/away");
        answer.setStatus(AWAY);
        return answer;
    }

    /** Open pages ask every two seconds; the log need not grow as fast. */
    private boolean worthALine() {
        Instant now = clock.instant();
        Instant last = logged.get();
        return last.plus(QUIET).isBefore(now) && logged.compareAndSet(last, now);
    }

    private static String firstLine(Exception problem) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(problem);
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("").strip();
    }
}
