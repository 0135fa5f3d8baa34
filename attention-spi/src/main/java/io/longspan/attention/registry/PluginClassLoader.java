package io.longspan.attention.registry;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.Enumeration;
import java.util.List;

/**
 * Loads one plug-in. It sees its own jars, the JDK and the packages that cross the border: the SPI,
 * DJL, SLF4J and JSpecify. Each shared package is a promise of compatibility; everything else a
 * plug-in brings stays its own.
 */
final class PluginClassLoader extends URLClassLoader {
    private static final String SPI_PACKAGE = "io.longspan.attention.";
    private static final List<String> SHARED =
            List.of("io.longspan.attention.compute.", "ai.djl.", "org.slf4j.", "org.jspecify.");

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader platform;

    PluginClassLoader(String name, URL[] jars, ClassLoader platform) {
        super(name, jars, ClassLoader.getPlatformClassLoader());
        this.platform = platform;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        return isShared(name) ? platform.loadClass(name) : super.loadClass(name, resolve);
    }

    /**
     * Only its own services: those of the platform would otherwise show up again in every plug-in.
     */
    @Override
    public Enumeration<URL> getResources(String name) throws java.io.IOException {
        return findResources(name);
    }

    private static boolean isShared(String name) {
        boolean inSpiPackage =
                name.startsWith(SPI_PACKAGE) && name.indexOf('.', SPI_PACKAGE.length()) < 0;
        return inSpiPackage || SHARED.stream().anyMatch(name::startsWith);
    }
}
