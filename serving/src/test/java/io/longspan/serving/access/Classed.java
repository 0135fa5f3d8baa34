package io.longspan.serving.access;

/** What tests of the server ask about methods. */
public final class Classed {
    private Classed() {}

    /** Whether some key opens a method. */
    public static boolean opens(String method) {
        return !(MethodNeeds.of(method) instanceof MethodNeeds.Need.Closed);
    }
}
