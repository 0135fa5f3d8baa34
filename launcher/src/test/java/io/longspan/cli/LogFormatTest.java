package io.longspan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The log as the program writes it, in both formats. */
final class LogFormatTest {
    @Test
    void aLineForPeopleHasItsPairsBehindTheMessageAndNothingWithoutThem() throws JoranException {
        assertThat(line(Map.of(), List.of()))
                .matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z INFO  a 'b'\\R");
        assertThat(line(Map.of(), List.of(new KeyValuePair("status", "OK"))))
                .matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z INFO  a 'b' status=\"OK\"\\R");
    }

    @Test
    void aLineForMachinesIsAnObject() throws JoranException {
        String line =
                line(
                        Map.of("LONGSPAN_LOG_FORMAT", "json"),
                        List.of(new KeyValuePair("status", "OK")));
        assertThat(line.strip().lines()).hasSize(1);
        JsonNode json = JsonMapper.builder().build().readTree(line);
        assertThat(json.get("level").asString()).isEqualTo("INFO");
        assertThat(json.get("formattedMessage").asString()).isEqualTo("a 'b'");
        assertThat(json.get("kvpList").get(0).get("status").asString()).isEqualTo("OK");
    }

    private static String line(Map<String, String> properties, List<KeyValuePair> pairs)
            throws JoranException {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        properties.forEach(context::putProperty);
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        URL file = Objects.requireNonNull(Longspan.class.getResource("/logback.xml"));
        configurator.doConfigure(file);
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        ConsoleAppender<ILoggingEvent> appender =
                (ConsoleAppender<ILoggingEvent>) root.getAppender("standard-error");
        LoggingEvent event =
                new LoggingEvent("x", root, Level.INFO, "a {}", null, new Object[] {"'b'"});
        event.setKeyValuePairs(pairs);
        String line = new String(appender.getEncoder().encode(event), StandardCharsets.UTF_8);
        context.stop();
        return line;
    }
}
