package io.longspan.admin.access;

import java.util.Set;
import org.springframework.boot.web.server.Cookie;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.boot.web.server.servlet.Session;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;

/**
 * The session's cookie: unreadable for scripts, never sent from another site, and under a name of
 * its own, since cookies of one host are shared by all of its ports.
 */
@Component
class SessionCookie
        implements WebServerFactoryCustomizer<ConfigurableServletWebServerFactory>, Ordered {
    static final String NAME = "LONGSPAN_SESSION";

    @Override
    public void customize(ConfigurableServletWebServerFactory server) {
        Session session = server.getSettings().getSession();
        session.setTrackingModes(Set.of(Session.SessionTrackingMode.COOKIE));
        session.getCookie().setName(NAME);
        session.getCookie().setHttpOnly(true);
        session.getCookie().setSameSite(Cookie.SameSite.STRICT);
    }

    /** After Boot's own, which copies its properties over everything. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
