package io.longspan.serving.trace;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class CollectorNotesTest {
    @Test
    void aCollectorThatIsAwayIsALineInTenMinutesAndOneWhenItIsBack() {
        Logger logger = (Logger) LoggerFactory.getLogger(CollectorNotes.class);
        ListAppender<ILoggingEvent> seen = new ListAppender<>();
        seen.start();
        logger.addAppender(seen);
        try {
            AtomicLong now = new AtomicLong();
            CollectorNotes notes = new CollectorNotes("spans", "http://c/v1/traces", now::get);
            notes.taken();
            for (int second = 0; second < 1201; second++) {
                now.set(Duration.ofSeconds(second).toNanos());
                notes.failed("refused");
            }
            notes.taken();
            notes.taken();
            assertThat(seen.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly(
                            "spans do not reach the collector at 'http://c/v1/traces' and are dropped: refused",
                            "spans do not reach the collector at 'http://c/v1/traces' and are dropped: refused",
                            "spans do not reach the collector at 'http://c/v1/traces' and are dropped: refused",
                            "the collector at 'http://c/v1/traces' takes spans again");
            assertThat(seen.list).allMatch(event -> event.getThrowableProxy() == null);
        } finally {
            logger.detachAppender(seen);
        }
    }
}
