/**
 * The settings in force: {@code longspan.yaml}, the environment and {@code --set}, and what each
 * part of the platform reads from them.
 */
@NullMarked
package io.longspan.cli.config;

import org.jspecify.annotations.NullMarked;
