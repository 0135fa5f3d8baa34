package io.longspan.attention.registry;

/**
 * A jar or provider that was found and cannot be used.
 *
 * @param origin the jar or class
 * @param reason what is wrong with it
 */
public record RejectedProvider(String origin, String reason) {}
