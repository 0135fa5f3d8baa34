package io.longspan.admin.access;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.InternalAuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** Looks at a login only when the throttle lets it through, and tells the throttle how it went. */
final class ThrottledLogin implements AuthenticationProvider {
    private static final Logger LOG = LoggerFactory.getLogger(ThrottledLogin.class);

    private final AuthenticationProvider check;
    private final LoginThrottle throttle;

    ThrottledLogin(AuthenticationProvider check, LoginThrottle throttle) {
        this.check = check;
        this.throttle = throttle;
    }

    @Override
    public @Nullable Authentication authenticate(Authentication login) {
        String name = login.getName();
        String address =
                login.getDetails() instanceof WebAuthenticationDetails details
                        ? String.valueOf(details.getRemoteAddress())
                        : "";
        throttle.begin(name, address)
                .ifPresent(wait -> {
                    throw new TooManyAttemptsException(wait);
                });
        try {
            @Nullable Authentication known = check.authenticate(login);
            throttle.passed(name, address);
            return known;
        } catch (InternalAuthenticationServiceException e) {
            throttle.undecided(name, address);
            LOG.warn("nobody can log in to the console: {}", String.valueOf(e.getMessage()));
            throw new AuthenticationServiceException("the database does not answer", e);
        }
    }

    @Override
    public boolean supports(Class<?> kind) {
        return check.supports(kind);
    }
}
