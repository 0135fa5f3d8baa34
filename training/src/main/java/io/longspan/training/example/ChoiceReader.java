package io.longspan.training.example;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads questions with choices: JSON lines with {@code question}, {@code choices}, {@code label}
 * (the right one's number from 0, or its text) and perhaps {@code context}.
 *
 * <p>A choice is read as a pair: the question and the choice, or with a context that and the
 * question followed by the choice. The second text is global, unless the checkpoint says otherwise.
 */
record ChoiceReader() implements ExampleReader<ChoiceReader.Question> {
    /**
     * One line.
     *
     * @param file it stands in
     * @param line counted from 1
     * @param context what the question is about, or null
     * @param question as it is asked
     * @param choices two or more
     * @param right the number of the right one
     */
    record Question(
            Path file,
            int line,
            @Nullable String context,
            String question,
            List<String> choices,
            int right) {
        Question {
            choices = List.copyOf(choices);
        }

        ModelInputException refusal(String why) {
            return Example.refusal(file, line, why);
        }
    }

    @Override
    public List<Question> read(Path file) {
        return JsonLines.read(file, ChoiceReader::question);
    }

    private static Question question(JsonLines.Line line) {
        List<String> choices = line.texts("choices", "give every question its choices");
        JsonNode label = line.field("label", "give every question its right choice");
        int right =
                label.isString()
                        ? choices.indexOf(label.asString())
                        : label.canConvertToInt() ? label.asInt() : -1;
        if (choices.size() < 2) {
            throw line.refusal("has 1 choice; give every question two or more");
        }
        if (right < 0 || right >= choices.size()) {
            throw line.refusal(
                    "has the label "
                            + Quoted.of(label.toString())
                            + "; it must be the number of a choice, 0 to "
                            + (choices.size() - 1)
                            + ", or its text");
        }
        return new Question(
                line.file(),
                line.number(),
                line.optionalText("context"),
                line.text("question"),
                choices,
                right);
    }

    @Override
    public String key(Question example) {
        String context = example.context();
        return context == null ? example.question() : context;
    }

    @Override
    public ExampleTask task(Checkpoint checkpoint, boolean keepsHead, List<Question> examples) {
        return new ChoiceTask();
    }

    @Override
    public List<EncodedExample> encode(
            Question example, ExampleTask task, RobertaTokenizer tokenizer, TokenLimit limit) {
        int separators = limit.model().inputFormat().pairSeparators();
        String context = example.context();
        List<long[]> sequences =
                example.choices().stream()
                        .map(choice ->
                                context == null
                                        ? tokenizer.encodePair(
                                                example.question(), choice, separators)
                                        : tokenizer.encodePair(
                                                context,
                                                example.question() + " " + choice,
                                                separators))
                        .map(encoding -> limit.ids(encoding, example::refusal))
                        .toList();
        return List.of(
                new EncodedExample(
                        "line " + example.line(), sequences, new float[] {example.right()}));
    }
}
