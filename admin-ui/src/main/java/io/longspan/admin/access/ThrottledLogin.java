package io.longspan.admin.access;

import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.InternalAuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** Looks at a login only when the throttle lets it through, and tells the throttle how it went. */
final class ThrottledLogin implements AuthenticationProvider {
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
            throw e;
        }
    }

    @Override
    public boolean supports(Class<?> kind) {
        return check.supports(kind);
    }
}
