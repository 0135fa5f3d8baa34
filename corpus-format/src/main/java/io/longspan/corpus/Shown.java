package io.longspan.corpus;

/** Text of a file inside a message: on one line and not longer than one. */
final class Shown {
    private static final int LONGEST = 120;

    private Shown() {}

    /** The text with control characters escaped, cut when it is too long. */
    static String of(String text) {
        StringBuilder shown = new StringBuilder();
        int end = Math.min(text.length(), LONGEST);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                shown.append("\\u").append(Integer.toHexString(c | 0x10000).substring(1));
            } else {
                shown.append(c);
            }
        }
        return end < text.length() ? shown.append("...").toString() : shown.toString();
    }
}
