package io.longspan.serving.service;

import io.longspan.api.v1.ModelRef;
import io.longspan.serving.model.ServedModel;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A kind of request that runs a model.
 *
 * @param model which model it asks
 * @param question what it asks of that model
 */
record Task<Q, R, A>(
        Function<Q, ModelRef> model, BiFunction<Q, ServedModel, Question<R, A>> question) {}
