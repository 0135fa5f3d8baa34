package io.longspan.ingest.rule;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Replaces what points at a person: addresses of e-mail, and IP addresses that are public. */
final class PersonalData {
    static final String MAIL = "email@example.com";
    static final String ADDRESS = "192.0.2.1";

    private static final Pattern MAIL_ADDRESS =
            Pattern.compile(
                    "(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}+@[A-Za-z0-9-]{1,63}+"
                            + "(?:\\.[A-Za-z0-9-]{1,63}+){1,8}+");
    private static final Pattern IP_ADDRESS =
            Pattern.compile(
                    "(?<![0-9.])([0-9]{1,3}+)\\.([0-9]{1,3}+)\\.([0-9]{1,3}+)\\.([0-9]{1,3}+)(?!\\.?[0-9])");

    private PersonalData() {}

    static String replaced(String text) {
        String without = text.indexOf('@') < 0 ? text : MAIL_ADDRESS.matcher(text).replaceAll(MAIL);
        return IP_ADDRESS
                .matcher(without)
                .replaceAll(found -> isPublic(found) ? ADDRESS : found.group());
    }

    private static boolean isPublic(MatchResult found) {
        int[] part = new int[4];
        for (int i = 0; i < 4; i++) {
            part[i] = Integer.parseInt(found.group(i + 1));
            if (part[i] > 255) {
                return false;
            }
        }
        boolean kept =
                part[0] == 0
                        || part[0] == 10
                        || part[0] == 127
                        || part[0] >= 224
                        || (part[0] == 172 && part[1] >= 16 && part[1] < 32)
                        || (part[0] == 192 && part[1] == 168)
                        || (part[0] == 169 && part[1] == 254)
                        || (part[0] == 192 && part[1] == 0 && part[2] == 2);
        return !kept;
    }
}
