package io.longspan.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code longspan --version} prints. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"longspan " + text(), "Java " + Runtime.version()};
    }

    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
