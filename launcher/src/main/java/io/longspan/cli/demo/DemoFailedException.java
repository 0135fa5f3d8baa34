package io.longspan.cli.demo;

/** A step of the demo did not do what it promises; the message is one sentence. */
public final class DemoFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DemoFailedException(String message) {
        super(message);
    }
}
