package io.longspan.model.session;

/**
 * A class and what the model says of it.
 *
 * @param label the checkpoint's name for the class, {@code LABEL_0} and so on where it has none
 * @param value a probability, or of a regression the number itself
 */
public record LabelScore(String label, float value) {}
