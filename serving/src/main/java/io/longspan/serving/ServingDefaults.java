package io.longspan.serving;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.ResourcePropertySource;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Sets the server's defaults where nobody has set anything. Not a {@code @PropertySource}: that
 * would win over the default properties of a {@code SpringApplicationBuilder}. Imports nothing: a
 * selector is asked before conditions of autoconfiguration are.
 */
final class ServingDefaults implements ImportSelector, EnvironmentAware {
    private static final String FILE = "classpath:io/longspan/serving/serving-defaults.properties";

    @Override
    public void setEnvironment(Environment environment) {
        if (environment instanceof ConfigurableEnvironment configurable) {
            Map<String, Object> missing = new HashMap<>();
            defaults()
                    .forEach((key, value) -> {
                        if (!configurable.containsProperty(key)) {
                            missing.put(key, value);
                        }
                    });
            DefaultPropertiesPropertySource.addOrMerge(missing, configurable.getPropertySources());
        }
    }

    @Override
    public String[] selectImports(AnnotationMetadata importing) {
        return new String[0];
    }

    private static Map<String, Object> defaults() {
        try {
            return new ResourcePropertySource(FILE).getSource();
        } catch (IOException e) {
            throw new UncheckedIOException("'" + FILE + "' is missing in this build", e);
        }
    }
}
