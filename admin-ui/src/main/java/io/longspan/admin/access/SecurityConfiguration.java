package io.longspan.admin.access;

import io.longspan.store.Store;
import jakarta.servlet.DispatcherType;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/** Who gets what, and the headers of every answer. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
    private static final int REMEMBERED_SOURCES = 10_000;

    /** Inline scripts and styles, foreign hosts, frames and plug-ins are all refused. */
    private static final String CONTENT_POLICY =
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static final String[] EVERYBODY = {"/login", "/longspan/**", "/webjars/**"};

    private static final String[] READERS = {
        Role.VIEWER.name(), Role.OPERATOR.name(), Role.ADMIN.name()
    };

    private static final String[] OPERATORS = {Role.OPERATOR.name(), Role.ADMIN.name()};

    /** A bean, so that Boot makes no user with a printed password of its own. */
    @Bean
    AuthenticationManager consoleLogin(Store store, InstantSource consoleClock) {
        DaoAuthenticationProvider check = new DaoAuthenticationProvider(new StoredUsers(store));
        check.setPasswordEncoder(AdminAccess.encoder());
        return new ProviderManager(
                new ThrottledLogin(check, new LoginThrottle(consoleClock, REMEMBERED_SOURCES)));
    }

    @Bean
    SecurityFilterChain consoleSecurity(
            HttpSecurity http, @Qualifier("consoleLogin") AuthenticationManager login) {
        return http.authenticationManager(login)
                .authorizeHttpRequests(rules ->
                        rules.dispatcherTypeMatchers(
                                        DispatcherType.FORWARD,
                                        DispatcherType.ERROR,
                                        DispatcherType.ASYNC)
                                .permitAll()
                                .requestMatchers(EVERYBODY)
                                .permitAll()
                                .requestMatchers(HttpMethod.POST, "/work/**")
                                .hasAnyRole(OPERATORS)
                                .anyRequest()
                                .hasAnyRole(READERS))
                .formLogin(form ->
                        form.loginPage("/login").failureHandler(Refusals::loginFailed).permitAll())
                .logout(logout -> logout.logoutSuccessUrl("/login?logout").permitAll())
                .requestCache(cache -> cache.requestCache(pageToReturnTo()))
                .exceptionHandling(refused ->
                        refused.authenticationEntryPoint(Refusals::loginNeeded)
                                .accessDeniedHandler(Refusals::denied))
                .headers(headers ->
                        headers.contentSecurityPolicy(csp -> csp.policyDirectives(CONTENT_POLICY))
                                .frameOptions(HeadersConfigurer.FrameOptionsConfig::deny)
                                .referrerPolicy(
                                        referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN)))
                .build();
    }

    /**
     * After a login only the page itself is worth returning to, not a fragment or an icon. The name
     * may be null, says its documentation, and then nothing is added to the address.
     */
    @SuppressWarnings("NullAway")
    private static HttpSessionRequestCache pageToReturnTo() {
        HttpSessionRequestCache cache = new HttpSessionRequestCache();
        cache.setRequestMatcher(
                PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.GET, "/"));
        cache.setMatchingRequestParameterName(null);
        return cache;
    }
}
