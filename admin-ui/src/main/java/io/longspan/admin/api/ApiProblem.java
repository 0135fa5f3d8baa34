package io.longspan.admin.api;

/**
 * What goes out instead of an answer.
 *
 * @param error one sentence
 */
record ApiProblem(String error) {}
