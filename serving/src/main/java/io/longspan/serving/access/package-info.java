/**
 * Who may call what, and how much.
 *
 * <p>A call brings a key as {@code authorization: Bearer KEY}. {@link
 * io.longspan.serving.access.AccessSettings} say when one is asked for; one that is given is
 * checked in any case. {@code MethodNeeds} says what a method takes, {@code KnownKeys} remembers
 * keys so that the database is not asked for every call and confirms them every other second,
 * {@code KeyMeter} counts what a key uses, and {@code AuditInterceptor} writes down what changes
 * the server before it happens. Everything stands inside of tracking and measuring: a call that is
 * turned away has its row and its count as any other.
 */
@NullMarked
package io.longspan.serving.access;

import org.jspecify.annotations.NullMarked;
