package io.longspan.admin.access;

import java.security.SecureRandom;

/** Passwords that a person can read off a screen: 26 letters and digits, 130 random bits. */
final class ReadablePassword {
    /** No i, l, o, u: they are mistaken for others. */
    private static final String LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";

    private static final int LENGTH = 26;
    private static final int GROUP = 5;

    private ReadablePassword() {}

    static String random() {
        SecureRandom random = new SecureRandom();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            if (i > 0 && i % GROUP == 0 && i < LENGTH - 1) {
                text.append('-');
            }
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
