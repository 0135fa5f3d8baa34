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
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.authentication.SavedRequestAwareAuthenticationSuccessHandler;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.CookieRequestCache;

/** Who gets what, and the headers of every answer. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
    private static final int REMEMBERED_SOURCES = 10_000;

    /** Inline scripts and styles, foreign hosts, frames and plug-ins are all refused. */
    static final String CONTENT_POLICY =
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static final String[] EVERYBODY = {"/login", "/longspan/**", "/webjars/**"};

    private static final String[] ADMINISTRATORS_PAGES = {
        "/users/**",
        "/keys/**",
        "/audit/**",
        "/inferences/*/payload",
        "/api/v1/users/**",
        "/api/v1/keys/**",
        "/api/v1/audit/**"
    };

    /** They change nothing of others. */
    private static final String[] READERS_DEEDS = {"/playground", "/account/password", "/logout"};

    private static final String[] READERS = {
        Role.VIEWER.name(), Role.OPERATOR.name(), Role.ADMIN.name()
    };

    private static final String[] OPERATORS = {Role.OPERATOR.name(), Role.ADMIN.name()};

    /** A bean, so that Boot makes no user with a printed password of its own. */
    @Bean
    AuthenticationManager consoleLogin(Store store, InstantSource consoleClock) {
        StoredUsers users = new StoredUsers(store);
        DaoAuthenticationProvider check = new DaoAuthenticationProvider(users);
        check.setPasswordEncoder(AdminAccess.encoder());
        check.setUserDetailsPasswordService(users);
        return new ProviderManager(
                new ThrottledLogin(check, new LoginThrottle(consoleClock, REMEMBERED_SOURCES)));
    }

    @Bean
    SecurityFilterChain consoleSecurity(
            HttpSecurity http,
            Store store,
            @Qualifier("consoleLogin") AuthenticationManager login) {
        return http.authenticationManager(login)
                .authorizeHttpRequests(rules ->
                        rules.dispatcherTypeMatchers(
                                        DispatcherType.FORWARD,
                                        DispatcherType.ERROR,
                                        DispatcherType.ASYNC)
                                .permitAll()
                                .requestMatchers(EVERYBODY)
                                .permitAll()
                                .requestMatchers(ADMINISTRATORS_PAGES)
                                .hasRole(Role.ADMIN.name())
                                .requestMatchers(HttpMethod.POST, READERS_DEEDS)
                                .hasAnyRole(READERS)
                                .requestMatchers("/jobs/new")
                                .hasAnyRole(OPERATORS)
                                .requestMatchers(HttpMethod.POST, "/**")
                                .hasAnyRole(OPERATORS)
                                .anyRequest()
                                .hasAnyRole(READERS))
                .formLogin(form ->
                        form.loginPage("/login")
                                .successHandler(welcome(store))
                                .failureHandler(Refusals::loginFailed)
                                .permitAll())
                .logout(logout -> logout.logoutSuccessUrl("/login?logout").permitAll())
                .csrf(csrf -> csrf.csrfTokenRepository(formTokens()))
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

    /** In a cookie, so that a visitor who has not logged in needs no session in the database. */
    private static CookieCsrfTokenRepository formTokens() {
        CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
        tokens.setCookieName("LONGSPAN_FORM");
        tokens.setCookieCustomizer(cookie -> cookie.httpOnly(true).sameSite("Strict"));
        return tokens;
    }

    /** Notes the login and leads to the page that was asked for. */
    private static AuthenticationSuccessHandler welcome(Store store) {
        SavedRequestAwareAuthenticationSuccessHandler onwards =
                new SavedRequestAwareAuthenticationSuccessHandler();
        onwards.setRequestCache(pageToReturnTo());
        return (request, response, user) -> {
            store.userAdmin().loggedIn(user.getName());
            onwards.onAuthenticationSuccess(request, response, user);
        };
    }

    /** After a login only a page is worth returning to, not a fragment, a stream or an icon. */
    private static CookieRequestCache pageToReturnTo() {
        CookieRequestCache cache = new CookieRequestCache();
        cache.setRequestMatcher(request ->
                request.getMethod().equals("GET")
                        && !Refusals.isProgram(request)
                        && !request.getServletPath()
                                .matches("/(fragments|live|error|login|favicon).*"));
        return cache;
    }
}
