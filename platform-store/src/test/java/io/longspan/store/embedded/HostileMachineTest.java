package io.longspan.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that do not let the server run, made with namespaces where the system has them. */
final class HostileMachineTest {
    @BeforeAll
    static void namespaces() throws InterruptedException {
        assumeTrue(
                works("unshare", "-U", "-r", "-m", "unshare", "-U", "true"), "no namespaces here");
    }

    @Test
    void rootWithoutNamespacesIsToldWhatIsBlockedAndWhatToDo(@TempDir Path folder)
            throws IOException {
        try (ChildJvm child = child(folder, "echo 0 > /proc/sys/user/max_user_namespaces")) {
            assertThat(child.refused())
                    .contains("cannot run as root")
                    .contains("'unshare -U'")
                    .contains("longspan.store.url");
        }
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void aFullDiskIsNamed(@TempDir Path folder) throws IOException {
        try (ChildJvm child = child(folder, "mount -t tmpfs -o size=12m none '" + folder + "'")) {
            assertThat(child.refused())
                    .contains("'" + folder + "' cannot be made")
                    .contains("No space left on device");
        }
    }

    private static ChildJvm child(Path folder, String before) throws IOException {
        return ChildJvm.start(
                folder, "unshare", "-U", "-r", "-m", "sh", "-c", before + " && exec \"$@\"", "sh");
    }

    private static boolean works(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
