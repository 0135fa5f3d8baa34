package io.longspan.admin.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * What is said when the database with the sessions does not answer, before any page is reached. In
 * front of the filter that looks sessions up.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class AwayFilter extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(AwayFilter.class);
    private static final String SENTENCE =
            "{\"error\":\"the database does not answer; try again when it is back\"}";

    private final String page;

    AwayFilter() {
        try (InputStream file =
                AwayFilter.class.getResourceAsStream("/templates/longspan/away.html")) {
            if (file == null) {
                throw new IllegalStateException("the page for a database that is away is missing");
            }
            page = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (DataAccessException | TransactionException e) {
            if (response.isCommitted()) {
                throw e;
            }
            LOG.debug("no session can be read", e);
            answer(request, response);
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        boolean program = Refusals.isProgram(request);
        response.resetBuffer();
        response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.setContentType(program ? "application/json" : "text/html");
        response.setHeader("Content-Security-Policy", SecurityConfiguration.CONTENT_POLICY);
        response.setHeader("Cache-Control", "no-store");
        response.getWriter()
                .write(
                        program
                                ? SENTENCE
                                : page.replaceAll(
                                        "th:(href|src)=\"@\\{([^}]*)}\"",
                                        "$1=\"" + request.getContextPath() + "$2\""));
    }
}
