package io.longspan.admin;

import io.longspan.admin.access.AdminAccess;
import io.longspan.admin.access.InitialPassword;
import io.longspan.store.Store;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.ResourceBundleMessageSource;
import org.springframework.core.env.Environment;

/**
 * The console as part of a Spring Boot servlet application. The application brings a {@link Store}
 * bean, keeps and closes it; address and port are Boot's {@code server.address} and {@code
 * server.port}. In an application without a web server this class does nothing.
 *
 * <p>Setting: {@code longspan.admin.password} (environment: {@code LONGSPAN_ADMIN_PASSWORD}), the
 * password of the user {@code admin}. Without it one is made up when that user does not exist, and
 * stands in the {@link InitialPassword} bean for whoever starts the application to show once.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ComponentScan(basePackageClasses = AdminConfiguration.class)
public class AdminConfiguration {
    /** Key of the administrator's password. */
    public static final String PASSWORD_KEY = "longspan.admin.password";

    @Bean
    InitialPassword initialPassword(Store store, Environment environment) {
        return AdminAccess.prepare(
                store, Optional.ofNullable(environment.getProperty(PASSWORD_KEY)));
    }

    /** The console's words; another language is another bundle beside this one. */
    @Bean
    MessageSource messageSource() {
        ResourceBundleMessageSource words = new ResourceBundleMessageSource();
        words.setBasename("longspan.console");
        words.setDefaultEncoding(StandardCharsets.UTF_8.name());
        words.setFallbackToSystemLocale(false);
        return words;
    }

    @Bean
    InstantSource consoleClock() {
        return InstantSource.system();
    }
}
