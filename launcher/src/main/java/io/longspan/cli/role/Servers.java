package io.longspan.cli.role;

import io.longspan.admin.AdminConfiguration;
import io.longspan.admin.AdminInputException;
import io.longspan.admin.access.InitialPassword;
import io.longspan.serving.ServingConfiguration;
import io.longspan.serving.ServingSettings;
import io.longspan.serving.ServingStatus;
import io.longspan.serving.StartFailure;
import io.longspan.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** The gRPC server and the console, whichever are asked for, in one Boot application. */
final class Servers implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final PlatformSettings settings;

    private Servers(ConfigurableApplicationContext context, PlatformSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /**
     * Starts them.
     *
     * @throws PlatformStartException saying in one sentence why they cannot start
     */
    static Servers start(PlatformSettings settings, Store store, BackendChooser backends) {
        List<Class<?>> sources = new ArrayList<>(List.of(PlatformApplication.class));
        boolean serve = settings.roles().contains(Role.SERVE);
        boolean admin = settings.roles().contains(Role.ADMIN);
        if (serve) {
            sources.add(ServingConfiguration.class);
        }
        if (admin) {
            sources.add(AdminConfiguration.class);
        }
        SpringApplication application = new SpringApplication(sources.toArray(Class<?>[]::new));
        application.setWebApplicationType(
                admin ? WebApplicationType.SERVLET : WebApplicationType.NONE);
        application.setDefaultProperties(properties(settings));
        application.setRegisterShutdownHook(false);
        application.setLogStartupInfo(false);
        application.addInitializers(context -> {
            GenericApplicationContext beans = (GenericApplicationContext) context;
            beans.getBeanFactory().registerSingleton("store", store);
            if (admin) {
                beans.getBeanFactory()
                        .registerSingleton("backendProbe", new ProcessProbe(backends));
            }
            if (serve) {
                beans.getBeanFactory().registerSingleton("servingSettings", serving(settings));
                beans.getBeanFactory().registerSingleton("accessSettings", settings.access());
                beans.getBeanFactory()
                        .registerSingleton(
                                "backendChoice", new ChooserChoice(backends, settings.inference()));
            }
        });
        try {
            return new Servers(application.run(), settings);
        } catch (RuntimeException e) {
            throw explain(e, settings);
        }
    }

    private static ServingSettings serving(PlatformSettings settings) {
        ServingSettings usual = ServingSettings.of(settings.models(), settings.spool());
        ServingSettings limited =
                usual.withModels(
                                settings.memoryBytes().orElse(usual.memoryBytes()),
                                settings.roots().orElse(usual.roots()))
                        .withSchedule(settings.schedule())
                        .withSpoolBytes(settings.spoolBytes());
        int port = settings.grpc().port();
        // A server on whatever port is free has nothing that a restart could know it by.
        return port == 0
                ? limited
                : limited.withRemembered(
                        settings.spool().resolveSibling("served-" + port + ".json"));
    }

    private static Map<String, Object> properties(PlatformSettings settings) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.application.name", "longspan");
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.grpc.server.enabled", settings.roles().contains(Role.SERVE));
        properties.put("spring.grpc.server.address", settings.grpc().address());
        properties.put("spring.grpc.server.port", settings.grpc().port());
        // A console alone has the exporter on its class path, and no endpoint for it.
        properties.put("management.otlp.metrics.export.enabled", false);
        properties.putAll(settings.server());
        if (settings.roles().contains(Role.SERVE)) {
            settings.access().tls().ifPresent(tls -> properties.putAll(tls.properties()));
        }
        properties.put("server.address", settings.console().address());
        properties.put("server.port", settings.console().port());
        properties.put("server.shutdown", "immediate");
        settings.password().ifPresent(p -> properties.put(AdminConfiguration.PASSWORD_KEY, p));
        return properties;
    }

    private static PlatformStartException explain(RuntimeException e, PlatformSettings settings) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof PortInUseException) {
                return new PlatformStartException(
                        "the console cannot listen on '"
                                + settings.console()
                                + "', something else does; stop that, or name another port",
                        e);
            }
            if (t instanceof AdminInputException) {
                return new PlatformStartException(String.valueOf(t.getMessage()), e);
            }
        }
        Optional<String> sentence = StartFailure.sentence(e, settings.grpc().toString());
        if (sentence.isEmpty()) {
            throw e;
        }
        return new PlatformStartException(sentence.get(), e);
    }

    /** Where clients reach the gRPC server, if it runs. */
    Optional<String> target() {
        return serving().map(ServingStatus::target);
    }

    /** What is served, if the gRPC server runs. */
    Optional<ServingStatus> serving() {
        return context.getBeanProvider(ServingStatus.class).stream().findFirst();
    }

    /** Where a browser finds the console, if it runs. */
    Optional<String> console() {
        if (!(context instanceof WebServerApplicationContext web) || web.getWebServer() == null) {
            return Optional.empty();
        }
        return Optional.of(
                "http://"
                        + new PlatformSettings.Endpoint(
                                settings.console().address(), web.getWebServer().getPort())
                        + "/");
    }

    /** The administrator's password, if it was made up just now. */
    Optional<String> initialPassword() {
        return context.getBeanProvider(InitialPassword.class).stream()
                .findFirst()
                .flatMap(InitialPassword::value);
    }

    @Override
    public void close() {
        context.close();
    }
}
