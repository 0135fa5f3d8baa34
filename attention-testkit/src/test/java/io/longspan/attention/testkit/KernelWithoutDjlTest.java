package io.longspan.attention.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The contract of a kernel runs on a class path that has no DJL on it. */
final class KernelWithoutDjlTest {
    @Test
    void theContractOfAKernelLoadsNoClassOfDjl() throws ReflectiveOperationException, IOException {
        URL[] path =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .filter(entry -> !entry.contains("djl"))
                        .map(KernelWithoutDjlTest::url)
                        .toArray(URL[]::new);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader alone =
                new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(alone);
            Class<?> run = Class.forName(KitRun.class.getName(), true, alone);
            Class<?> contract = Class.forName(Subjects.Kernel.class.getName(), true, alone);
            Method of = run.getDeclaredMethod("of", Class.class, Map.class);
            of.setAccessible(true);
            Object result = of.invoke(null, contract, Map.of(Subjects.FLAW, "NONE"));
            assertThat(result.toString()).contains("failures=[]").contains("aborted=");
            assertThat(result.toString()).doesNotContain("succeeded=0,");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URL url(String entry) {
        try {
            URI uri = Path.of(entry).toUri();
            return uri.toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("class path entry '" + entry + "' is no URL", e);
        }
    }
}
