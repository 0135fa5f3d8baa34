package io.longspan.attention.registry;

import io.longspan.attention.AttentionBackendProvider;

/**
 * A provider and where it came from.
 *
 * @param provider loaded and of a known level
 * @param origin the jar or folder that holds its class
 */
public record FoundProvider(AttentionBackendProvider provider, String origin) {}
