package io.longspan.attention.testkit;

/** Gives numbers another order in place. */
final class Scramble {
    private Scramble() {}

    static void reverse(float[] numbers) {
        for (int i = 0, j = numbers.length - 1; i < j; i++, j--) {
            float kept = numbers[i];
            numbers[i] = numbers[j];
            numbers[j] = kept;
        }
    }
}
