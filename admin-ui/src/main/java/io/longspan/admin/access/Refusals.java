package io.longspan.admin.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.csrf.CsrfException;

/** Answers to those who may not: a page for people, JSON for programs. */
final class Refusals {
    private Refusals() {}

    static void loginFailed(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException why)
            throws IOException {
        String reason =
                switch (why) {
                    case TooManyAttemptsException many -> "wait=" + many.seconds();
                    case AuthenticationServiceException ignored -> "away";
                    default -> "wrong";
                };
        response.sendRedirect(request.getContextPath() + "/login?" + reason);
    }

    static void loginNeeded(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException why)
            throws IOException {
        if (isProgram(request)) {
            json(
                    response,
                    HttpServletResponse.SC_UNAUTHORIZED,
                    "no session, or it has ended; log in at /login and send its cookie");
        } else {
            response.sendRedirect(request.getContextPath() + "/login");
        }
    }

    static void denied(
            HttpServletRequest request, HttpServletResponse response, AccessDeniedException why)
            throws IOException {
        String reason =
                why instanceof CsrfException
                        ? "the form's token is missing or out of date; load the page again and repeat"
                        : "your role does not allow this; ask an administrator";
        if (isProgram(request)) {
            json(response, HttpServletResponse.SC_FORBIDDEN, reason);
        } else {
            response.sendError(HttpServletResponse.SC_FORBIDDEN, reason);
        }
    }

    static boolean isProgram(HttpServletRequest request) {
        return request.getServletPath().startsWith("/api/")
                || request.getHeader("HX-Request") != null;
    }

    /** {@code reason} is one of the texts above: nothing in it needs escaping. */
    private static void json(HttpServletResponse response, int status, String reason)
            throws IOException {
        response.setStatus(status);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.getWriter().write("{\"error\":\"" + reason + "\"}");
    }
}
